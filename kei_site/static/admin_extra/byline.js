/* In a byline: choosing “Add “Name”” adds the author at once. Without this, “+” opens the form. */
"use strict";

{
  const OFFER = /^(add|another):/;

  function say(select, sentence) {
    const cell = select.closest("td") ?? select.parentElement;
    let line = cell.querySelector(".byline-said");
    if (!line) {
      line = document.createElement("p");
      line.className = "byline-said";
      line.setAttribute("role", "status");
      cell.append(line);
    }
    line.textContent = sentence;
  }

  function show(select, id, text) {
    for (const option of [...select.options]) if (OFFER.test(option.value)) option.remove();
    if (id) select.append(new Option(text, id, true, true));
    else select.value = "";
    window.django.jQuery(select).trigger("change");
  }

  async function add(select, chosen) {
    const form = select.closest("form");
    const body = new FormData();
    body.append("chosen", chosen);
    body.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
    const { addUrl, addFailed } = select.dataset;
    try {
      const response = await fetch(addUrl, { method: "POST", body });
      const answer = await response.json();
      show(select, answer.id, answer.text);
      say(select, answer.refused ?? "");
    } catch {
      show(select);
      say(select, addFailed);
    }
  }

  // The choosers tell what was chosen through jQuery, which may be loaded after this.
  document.addEventListener("DOMContentLoaded", () => {
    window.django?.jQuery(document).on("select2:select", "select[data-add-url]", (event) => {
      const { id } = event.params.data;
      if (OFFER.test(id)) add(event.target, id);
    });
  });
}
