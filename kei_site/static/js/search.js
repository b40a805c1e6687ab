/* On the search page, results follow what is typed and chosen; links and the form work without. */
"use strict";

{
  const box = document.getElementById("q");
  const spoken = document.getElementById("search-status");
  const PAUSE = 250;
  let timer;
  let request;

  /* The address of what is in the box, with the filters in use. */
  const typedUrl = () => {
    const url = new URL(location.href);
    const words = box.value.trim();
    for (const name of ["page", "exact"]) url.searchParams.delete(name);
    if (words) url.searchParams.set("q", words);
    else url.searchParams.delete("q");
    return url.href;
  };

  /* Show the results at an address; false when there are none to show. */
  async function show(url) {
    clearTimeout(timer);
    request?.abort();
    request = new AbortController();
    const { signal } = request;
    try {
      // Said with each request, so that halves of words are not counted as searches.
      const answer = await fetch(url, { signal, headers: { "X-Requested-With": "typing" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = page.getElementById("found");
      if (signal.aborted) return true;
      if (!answer.ok || !found) return false;
      put(found);
      document.title = page.title;
      spoken.textContent = found.querySelector("h1").textContent;
      return true;
    } catch (error) {
      return error.name === "AbortError";
    }
  }

  /* Put new results in the place of the old; what was open stays open, and focus where it was. */
  function put(found) {
    const old = document.getElementById("found");
    for (const each of old.querySelectorAll("details[open][id]")) {
      found.querySelector(`#${each.id}`)?.setAttribute("open", "");
    }
    const focused = old.contains(document.activeElement) && document.activeElement;
    old.replaceWith(found);
    if (!focused) return;
    const twin = found.querySelector(`[data-key="${CSS.escape(focused.dataset.key)}"]`);
    (twin || document.getElementById("main")).focus({ preventScroll: true });
  }

  function refresh() {
    const url = typedUrl();
    if (url === location.href) return;
    show(url).then((shown) => { if (shown && url === typedUrl()) history.replaceState(null, "", url); });
  }

  function soon(event) {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(refresh, PAUSE);
  }
  box.addEventListener("input", soon);
  box.addEventListener("compositionend", () => soon({}));

  box.form.addEventListener("submit", (event) => {
    event.preventDefault();
    location.assign(typedUrl());
  });

  /* Filters and orders; whoever asks for a new tab gets it. */
  document.addEventListener("click", (event) => {
    const link = event.target.closest("#found a[rel~=nofollow]");
    const plain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button);
    if (!link || !plain || link.pathname !== location.pathname) return;
    event.preventDefault();
    history.pushState(null, "", link.href);
    show(link.href).then((shown) => { if (!shown) location.assign(link.href); });
  });

  addEventListener("popstate", () => {
    box.value = new URLSearchParams(location.search).get("q") || "";
    show(location.href).then((shown) => { if (!shown) location.reload(); });
  });
}
