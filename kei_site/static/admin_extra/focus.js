// A click on the picture sets the point that stays in sight where it is cropped.
// Without this script the two number fields do the same.
const box = document.querySelector("[data-focus]");
const fields = ["x", "y"].map((axis) => document.getElementById(`id_focus_${axis}`));

if (box && fields.every(Boolean)) {
  const picture = box.querySelector("img");
  const mark = document.createElement("span");
  mark.className = "focus__mark";
  mark.setAttribute("aria-hidden", "true");
  box.append(mark);
  box.classList.add("focus--live");

  const within = (value) => Math.min(100, Math.max(0, Math.round(value)));
  const show = () => {
    const [x, y] = fields.map((field) => within(Number(field.value)));
    mark.style.left = `${x}%`;
    mark.style.top = `${y}%`;
  };
  picture.addEventListener("click", (event) => {
    const { left, top, width, height } = picture.getBoundingClientRect();
    fields[0].value = within(((event.clientX - left) / width) * 100);
    fields[1].value = within(((event.clientY - top) / height) * 100);
    for (const field of fields) field.dispatchEvent(new Event("change", { bubbles: true }));
    show();
  });
  for (const field of fields) field.addEventListener("input", show);
  show();
}
