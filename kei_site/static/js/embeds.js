/* A card of something elsewhere becomes the thing itself when somebody asks for it; not before. */
"use strict";

for (const card of document.querySelectorAll("figure.embed[data-frame]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = card.dataset.show;
  button.addEventListener("click", () => {
    const frame = document.createElement("iframe");
    frame.src = card.dataset.frame;
    frame.title = card.dataset.title;
    frame.allow = "autoplay; fullscreen; encrypted-media; picture-in-picture";
    frame.referrerPolicy = "strict-origin-when-cross-origin";
    frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-popups allow-presentation");
    button.replaceWith(frame);
    card.classList.add("embed--shown");
    frame.focus();
  });
  card.append(button);
}
