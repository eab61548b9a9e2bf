// Choosing files in the language of the page: a browser names its own button in its own language.  Drop works too, and
// photos from a phone are made smaller before they are sent.  Without this file the browser's own field does.
// A scan dropped beside any field, on whichever page, goes the way of “Gửi bản quét”: by the very form of that page.
(function () {
  "use strict";
  var LONGEST = 2000, ENOUGH = 1000000;
  function size(bytes) { return bytes < 1e6 ? Math.ceil(bytes / 1000) + " KB" : (bytes / 1e6).toFixed(1).replace(".", ",") + " MB"; }
  function smaller(file) {
    if (!/^image\/(jpeg|png|webp)$/.test(file.type) || file.size < ENOUGH || !window.createImageBitmap) return Promise.resolve(file);
    return createImageBitmap(file, { imageOrientation: "from-image" }).then(function (picture) {
      var scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height)), canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      return new Promise(function (done) {
        canvas.toBlob(function (blob) {
          done(blob && blob.size < file.size ? new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }) : file);
        }, "image/jpeg", 0.85);
      });
    }).catch(function () { return file; });
  }
  function dress(field) {
    var box = document.createElement("div"), button = document.createElement("span"), names = document.createElement("span");
    box.className = "kc-drop";
    button.className = "btn btn-quiet btn-sm button quiet";
    button.setAttribute("aria-hidden", "true");
    button.textContent = field.dataset.kcChoose;
    names.setAttribute("role", "status");
    field.parentNode.insertBefore(box, field);
    box.appendChild(field);
    box.appendChild(button);
    box.appendChild(names);
    function say() {
      var files = Array.prototype.slice.call(field.files);
      names.textContent = files.map(function (file) { return file.name + " (" + size(file.size) + ")"; }).join(", ") || field.dataset.kcNone;
    }
    function put(files) {
      var kept = new DataTransfer();
      files.slice(0, field.multiple ? files.length : 1).forEach(function (file) { kept.items.add(file); });
      field.files = kept.files;
      say();
    }
    field.addEventListener("change", function () {
      say();
      if (!("kcShrink" in field.dataset) || !window.DataTransfer) return;
      Promise.all(Array.prototype.map.call(field.files, smaller)).then(put);
    });
    say();
  }
  function everywhere(main) {
    function ours(event) {
      return event.dataTransfer && Array.prototype.includes.call(event.dataTransfer.types, "Files") && !event.target.closest("input[type=file], .kc-drop");
    }
    function send(files) {
      var address = main.dataset.kcScans;
      Promise.all([fetch(address).then(function (answer) { return answer.text(); }), Promise.all(files.map(smaller))]).then(function (got) {
        var kept = new DataTransfer(), field = new DOMParser().parseFromString(got[0], "text/html").querySelector("form input[type=file]");
        got[1].forEach(function (file) { kept.items.add(file); });
        field.form.action = address;
        field.form.hidden = true;
        field.files = kept.files;
        document.body.appendChild(document.adoptNode(field.form)).submit();
      }).catch(function () { location.assign(address); });
    }
    document.addEventListener("dragover", function (event) {
      main.classList.toggle("kc-over", !!ours(event));
      if (ours(event)) event.preventDefault();
    });
    document.addEventListener("dragleave", function (event) { if (!event.relatedTarget) main.classList.remove("kc-over"); });
    document.addEventListener("drop", function (event) {
      main.classList.remove("kc-over");
      if (!ours(event)) return;
      event.preventDefault();
      send(Array.prototype.slice.call(event.dataTransfer.files));
    });
  }
  document.querySelectorAll("input[type=file][data-kc-choose]").forEach(dress);
  document.querySelectorAll("[data-kc-scans]").forEach(everywhere);
})();
