const form = document.querySelector("form");
const claims = document.getElementById("claims");
const count = document.querySelector("output");
const folds = [...document.querySelectorAll(".fold")];
const good = new Set(["met", "gap", "elsewhere", "silent", "not checked"]);
const sections = [...claims.querySelectorAll("section:has(.claims)")].map((section) => ({
  section,
  groups: [...section.querySelectorAll("tbody")].map((body) => ({
    body,
    rows: [...body.rows].slice(1).map((row) => ({
      row,
      kind: row.dataset.kind,
      outcomes: [...row.cells].slice(1).map((cell) => cell.textContent),
    })),
  })),
}));
const total = claims.querySelectorAll("tr[data-kind]").length;

function apply() {
  const run = Number(form.run.value);
  const kind = form.kind.value;
  const outcome = form.outcome.value;
  const fits = (found) => (outcome === "wrong" ? !good.has(found) : found === outcome);
  let shown = 0;
  for (const { section, groups } of sections) {
    const before = shown;
    for (const { body, rows } of groups) {
      let here = 0;
      for (const { row, kind: own, outcomes } of rows) {
        const asked = run ? [outcomes[run - 1]] : outcomes;
        row.hidden = Boolean((kind && own !== kind) || (outcome && !asked.some(fits)));
        here += !row.hidden;
      }
      body.hidden = !here;
      shown += here;
    }
    section.hidden = shown === before;
  }
  for (const fold of folds) fold.open = Boolean(kind || outcome);
  if (run) claims.dataset.run = run;
  else delete claims.dataset.run;
  count.textContent = `${shown} of ${total} statements`;
}

function remember() {
  const asked = [...new FormData(form)].filter(([, value]) => value);
  history.replaceState(null, "", `#${new URLSearchParams(asked)}`);
  apply();
}

function recall() {
  const asked = new URLSearchParams(location.hash.slice(1));
  for (const select of form.querySelectorAll("select")) {
    select.value = asked.get(select.name) ?? "";
    if (select.selectedIndex < 0) select.value = "";
  }
  apply();
}

claims.addEventListener("click", (event) => {
  const cell = event.target.closest(".claims td");
  if (!cell || getSelection().toString()) return;
  const details = cell.parentElement.querySelector("details");
  details.open = !details.open;
});
document.getElementById("matrix")?.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link) return;
  event.preventDefault();
  for (const name of ["kind", "run", "outcome"]) form[name].value = link.dataset[name];
  remember();
  sections.find(({ section }) => !section.hidden)?.section.scrollIntoView();
});
form.addEventListener("change", remember);
form.addEventListener("submit", (event) => event.preventDefault());
addEventListener("hashchange", () => {
  if (location.hash.includes("=")) recall();
});
document.documentElement.classList.add("js");
form.hidden = false;
recall();
