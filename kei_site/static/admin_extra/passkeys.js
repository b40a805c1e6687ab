// Says in the page that a passkey was refused or did not come; otherwise only the console knows.
"use strict";

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const problem = document.getElementById("passkey_problem");
  if (problem) {
    problem.hidden = false;
  }
});
