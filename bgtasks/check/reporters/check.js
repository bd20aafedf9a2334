const select = document.querySelector("select");
if (select) {
  const articles = [...document.querySelectorAll("[aria-labelledby=findings] article")];
  const apply = () => {
    for (const article of articles) article.hidden = Boolean(select.value) && article.dataset.code !== select.value;
    const shown = articles.filter((article) => !article.hidden).length;
    document.querySelector("output").textContent = `${shown} of ${articles.length}`;
  };
  select.addEventListener("change", apply);
  document.querySelector(".filter").hidden = false;
  apply();
}
