// The sum of a sheet's scores while they are typed; the server adds again.
(function () {
  "use strict";
  document.querySelectorAll("[data-kc-sum]").forEach(function (box) {
    var out = document.getElementById(box.dataset.kcSum);
    function add() {
      var sum = 0, any = false;
      box.querySelectorAll("input").forEach(function (field) {
        var value = parseFloat(field.value.replace(/\s/g, "").replace(",", "."));
        if (!isNaN(value)) { sum += value; any = true; }
      });
      out.textContent = any ? String(Math.round(sum * 10) / 10).replace(".", ",") : "–";
    }
    box.addEventListener("input", add);
    add();
  });
})();
