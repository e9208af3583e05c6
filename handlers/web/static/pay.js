// Who comes back from the card page need not press anything: the page asks again by itself for a while.
const again = document.querySelector("[data-again]");
if (again) setTimeout(() => again.form.requestSubmit(again), 3000);
