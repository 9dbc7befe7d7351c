// Runs before the first paint, so that neither colour nor direction flashes.
(function () {
  var root = document.documentElement;
  var stored;
  try {
    stored = JSON.parse(localStorage.getItem("antiphon.preferences") || "{}").state || {};
  } catch {
    stored = {};
  }
  var theme = stored.theme || "system";
  if (theme === "system") {
    theme = matchMedia("(prefers-contrast: more)").matches
      ? "contrast"
      : matchMedia("(prefers-color-scheme: light)").matches
        ? "light"
        : "dark";
  }
  root.dataset.theme = theme;
  if (stored.reducedMotion) root.dataset.motion = "reduced";
  var known = ["en", "es", "fr", "de", "ja", "ar", "he"];
  var wanted = [stored.locale].concat(navigator.languages || []);
  for (var i = 0; i < wanted.length; i++) {
    var code = (wanted[i] || "").toLowerCase().split("-")[0];
    if (code === "iw") code = "he";
    if (known.indexOf(code) >= 0) {
      root.lang = code;
      root.dir = code === "ar" || code === "he" ? "rtl" : "ltr";
      break;
    }
  }
})();
