"""The page in a real browser; skipped where there is no Chromium with its driver."""

from __future__ import annotations

import asyncio
import math
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from translator import Translator
from translator.config import WebConfig
from translator.web.app import create_app
from translator.web.guard import Access
from translator.web.metrics import Metrics
from translator.web.models import Models
from translator.web.server import listen

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
DRIVER = shutil.which("chromedriver")

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.skipif(
        not (CHROMIUM and DRIVER),
        reason="no Chromium here (Debian: apt install chromium chromium-driver)",
    ),
]

TEXT = "The cat sat on the mat."
SECOND = "A bird sings!"
STRANGE = "Qqq zzz, xxx www vvv."


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    downloads = tmp_path_factory.mktemp("downloads")
    for argument in ("headless=new", "no-sandbox", "disable-dev-shm-usage", "disable-gpu"):
        options.add_argument(f"--{argument}")
    options.add_argument(f"--user-data-dir={tmp_path_factory.mktemp('chromium')}")
    options.add_experimental_option("prefs", {"download.default_directory": str(downloads)})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    service = webdriver.ChromeService(executable_path=DRIVER)
    driver = webdriver.Chrome(options=options, service=service)
    driver.downloads = downloads
    yield driver
    driver.quit()


@contextmanager
def served(run: Path, loaded: list[Translator], access: Access) -> Iterator[str]:
    """The application on a real port, in a thread of this process."""
    options = WebConfig(max_characters=2000)
    models = Models([run], lambda path: loaded, options)
    app = create_app(models, options, access, Metrics())
    with listen("127.0.0.1", 0) as listener:
        config = uvicorn.Config(app, ws="none", log_config=None, loop="asyncio")
        own = uvicorn.Server(config)
        thread = threading.Thread(target=lambda: asyncio.run(own.serve(sockets=[listener])))
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        own.should_exit = True
        thread.join(timeout=30)


@pytest.fixture(scope="module")
def server(run: Path, loaded: list[Translator]) -> Iterator[str]:
    with served(run, loaded, Access()) as address:
        yield address


class Page:
    """What somebody does with the page, and sees of it."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver

    def __getitem__(self, name: str) -> Any:
        return self.driver.find_element("id", name)

    def all(self, selector: str) -> list[Any]:
        return self.driver.find_elements("css selector", selector)

    def until(self, what: Callable[[], Any], message: str = "") -> Any:
        from selenium.common.exceptions import StaleElementReferenceException
        from selenium.webdriver.support.ui import WebDriverWait

        wait = WebDriverWait(
            self.driver, 30, 0.05, ignored_exceptions=[StaleElementReferenceException]
        )
        return wait.until(lambda driver: what(), message)

    def type(self, text: str) -> None:
        self["source"].send_keys(text)

    @property
    def shown(self) -> str:
        return self["target"].get_property("textContent")

    def wait_for(self, text: str) -> None:
        self.until(lambda: self.shown == text, f"{text!r} was not shown: {self.shown!r}")

    def wait_for_looks(self) -> None:
        """Until it is known what the words looked at."""
        self.until(lambda: self.all("#mirror .w"), "no word of the text can light up")

    def lit(self, where: str) -> list[str]:
        return [one.get_property("textContent") for one in self.all(f"#{where} .w.lit")]

    def point_at(self, element: Any) -> None:
        from selenium.webdriver import ActionChains

        ActionChains(self.driver).move_to_element(element).perform()

    def press(self, *keys: str) -> None:
        from selenium.webdriver import ActionChains

        for key in keys:
            ActionChains(self.driver).send_keys(key).perform()


@pytest.fixture
def page(browser: Any, server: str) -> Iterator[Page]:
    browser.set_window_size(1200, 900)
    browser.get(f"{server}/")
    browser.execute_script("localStorage.clear(); sessionStorage.clear()")
    browser.get_log("performance")
    browser.get(f"{server}/")
    page = Page(browser)
    page.until(lambda: page.all("#from option"))
    yield page
    wrong = [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]
    # a request that was overtaken is no mistake
    assert not wrong, wrong


@pytest.fixture
def back(run: Path) -> Translator:
    return Translator.load(run, source="fr")


def test_what_is_typed_is_translated(page, translator):
    page.type(TEXT)
    page.wait_for(translator.translate([TEXT])[0])
    page.type(f" {SECOND}")
    page.wait_for(" ".join(translator.translate([TEXT, SECOND])))
    assert page["count"].text == str(len(TEXT) + 1 + len(SECOND))
    page["clear"].click()
    page.wait_for("")


def test_an_answer_that_was_overtaken_is_not_shown(page, translator):
    # the first answer is held back until the second has come
    page.driver.execute_script(
        """
        const real = window.fetch;
        let first = true;
        window.aborted = 0;
        window.fetch = (path, options) => {
          if (!String(path).endsWith("translate") || !first) return real(path, options);
          first = false;
          options.signal.addEventListener("abort", () => window.aborted++);
          return new Promise((resolve, reject) => {
            options.signal.addEventListener("abort", () => reject(options.signal.reason));
          });
        };
        """
    )
    page.type("The cat sat")
    page.until(lambda: page["target"].get_attribute("aria-busy") == "true")
    page.type(" on the mat.")
    page.wait_for(translator.translate([TEXT])[0])
    assert page.driver.execute_script("return window.aborted") == 1


def test_words_that_belong_together_light_up(page, translator):
    from translator.alignment import read_attention

    page.type(f"{TEXT} {SECOND}")
    page.wait_for(" ".join(translator.translate([TEXT, SECOND])))
    page.wait_for_looks()
    [second] = read_attention(translator, [SECOND], translator.translate([SECOND]))
    words = page.all("#target [data-sentence='1'] .w")
    assert [one.get_property("textContent") for one in words] == list(second.target)

    def expected(weights, links, names):
        most = max(weights)
        chosen = links or ([list(weights).index(most)] if most else [])
        return {names[i] for i in chosen}

    for t, word in enumerate(words):
        page.point_at(word)
        links = [a for a, b in second.links if b == t]
        assert set(page.lit("mirror")) == expected(second.chosen[t], links, second.source)
        assert [one.text for one in page.all("#target .w.here")] == [word.text]
    for s, word in enumerate(page.all("#mirror [data-sentence='1']")):
        page.point_at(word)
        links = [b for a, b in second.links if a == s]
        assert set(page.lit("target")) == expected(second.chosen[:, s], links, second.target)
    page.point_at(page["theme"])
    assert page.lit("target") == page.lit("mirror") == []


def test_the_text_and_its_copy_behind_it_lie_on_each_other(page, translator):
    page.type("A word and another " * 30 + TEXT)
    page.until(lambda: page.shown)
    page.wait_for_looks()
    box, mirror = page["source"].rect, page["mirror"].rect
    assert box == mirror
    lines = "return [arguments[0].scrollHeight, arguments[0].scrollWidth]"
    sizes = [page.driver.execute_script(lines, page[name]) for name in ("source", "mirror")]
    assert sizes[0] == sizes[1]


def test_with_the_keyboard(page, translator):
    from selenium.webdriver.common.keys import Keys

    page.type(TEXT)
    page.wait_for(translator.translate([TEXT])[0])
    page.wait_for_looks()
    page.press(Keys.HOME)
    page.until(lambda: page.all("#mirror .w.here"))
    assert page.all("#mirror .w.here")[0].get_property("textContent") == "The"
    assert page["words"].get_property("textContent").startswith("The")
    page.driver.execute_script("arguments[0].focus()", page["target"])
    page.press(Keys.ARROW_RIGHT)
    words = page.all("#target .w")
    [here] = page.all("#target .w.here")
    assert here == words[0]
    assert page["words"].get_property("textContent").startswith(words[0].text)
    page.press(Keys.END)
    assert page.all("#target .w.here") == [words[-1]]
    page.press(Keys.ENTER)
    focused = page.driver.switch_to.active_element
    assert focused == page.all("#others-list button")[0]


def test_everything_has_a_name(page):
    """Which a screen reader needs."""
    page.type(TEXT)
    page.until(lambda: page.shown)
    page["looks"].click()
    page["glossary"].find_element("css selector", "summary").click()
    page.until(lambda: page.all("#map-table td"))
    named = [
        element
        for element in page.all("button, select, textarea, input, a, summary, [tabindex='0']")
        if element.is_displayed()
    ]
    assert len(named) > 12
    for element in named:
        assert element.accessible_name, element.get_attribute("outerHTML")
    assert len(page.all("main")) == len(page.all("h1")) == 1
    assert page.driver.find_element("css selector", "html").get_attribute("lang") == "en"
    assert page["target"].get_attribute("lang") == "fr"


def test_another_translation_is_chosen(page, translator):
    [row] = translator.search([TEXT], n_best=3)
    texts = list(dict.fromkeys(one.text for one in row))
    page.type(TEXT)
    page.wait_for(texts[0])
    buttons = page.until(lambda: page.all("#others-list button"))
    assert [one.get_property("textContent") for one in buttons] == texts[1:]
    buttons[0].click()
    page.wait_for(texts[1])
    page.wait_for_looks()
    found = [one.get_property("textContent") for one in page.all("#others-list button")]
    assert found == [texts[0], *texts[2:]]


def test_the_heat_map(page, translator):
    from translator.alignment import read_attention

    page.type(TEXT)
    page.until(lambda: page.shown)
    page["looks"].click()
    page.until(lambda: page.all("#map-table td"))
    [one] = read_attention(translator, [TEXT], translator.translate([TEXT]))
    assert [cell.get_property("textContent") for cell in page.all(".heat thead th")] == list(
        one.source
    )
    assert [cell.get_property("textContent") for cell in page.all(".heat tbody th")] == list(
        one.target
    )

    def weights() -> list[float]:
        script = "return arguments[0].style.getPropertyValue('--weight')"
        cells = page.all(".heat tbody td")
        return [float(page.driver.execute_script(script, cell)) for cell in cells]

    assert weights() == pytest.approx(one.chosen.flatten().tolist(), abs=1e-3)
    options = page.all("#map-head option")
    assert len(options) == 1 + 2 * (1 + 2)  # two layers of two heads
    options[-1].click()
    assert weights() == pytest.approx(one.weights[1, 1].flatten().tolist(), abs=1e-3)
    page["looks"].click()
    assert not page["map"].is_displayed()


def test_how_sure_it_is(page, translator):
    page.type(STRANGE)
    page.until(lambda: page.shown)
    assert not page["legend"].is_displayed()
    page["sure"].click()
    assert page["legend"].is_displayed()
    [[best]] = translator.search([STRANGE], parts=True)
    words = page.all("#target .w")
    assert [one.get_property("textContent") for one in words] == [one.text for one in best.words]
    doubts = [one.get_attribute("data-doubt") for one in words]
    for doubt, one in zip(doubts, best.words, strict=True):
        steps = [math.exp(one.log_prob) < limit for limit in (0.75, 0.5, 0.25)]
        assert (doubt or "0") == str(sum(steps))
    assert "3" in doubts
    word = words[doubts.index("3")]
    assert word.value_of_css_property("border-bottom-style") == "dotted"
    page["sure"].click()
    assert word.value_of_css_property("border-bottom-style") == "none"


def test_what_looks_doubtful_is_told(page, doubtful):
    page.type(TEXT)
    page.until(lambda: page.shown)
    assert not page["remarks"].is_displayed()
    page["clear"].click()
    page.type(doubtful)
    page.until(lambda: page["remarks"].is_displayed())
    assert page["remarks"].text.startswith("This may be wrong (")
    assert len(page.all("#target .doubtful")) == 1


def test_the_languages_are_swapped(page, translator, back):
    page.type(TEXT)
    [there] = translator.translate([TEXT])
    page.wait_for(there)
    page["swap"].click()
    page.until(lambda: page["from"].get_property("value") == "fr")
    assert page["source"].get_property("value") == there
    page.until(lambda: page.shown == " ".join(back.translate([there])) or page.all("#target .w"))
    assert page["source"].get_attribute("lang") == "fr"
    page.driver.refresh()
    page.until(lambda: page.all("#from option"))
    assert page["from"].get_property("value") == "fr"


def test_the_language_is_detected(page, translator, back):
    """And the direction follows it: of what is typed, and of a file."""
    french = "Nous mangeons du pain le matin dans le jardin."
    english = "The cat sat on the mat, and a bird sings in the garden."
    page["from"].find_element("css selector", "option[value='auto']").click()
    page.type(french)
    page.wait_for(back.translate([french])[0])
    assert page["to"].get_property("value") == "en"
    assert page["from"].find_element("css selector", ":checked").text == "French (detected)"
    assert page["source"].get_attribute("lang") == "fr"
    page.wait_for_looks()
    drop(page, "cats.txt", english)
    page.until(lambda: page["job-save"].is_displayed())
    assert page["job-save"].get_attribute("download") == "cats.fr.txt"
    page["clear"].click()
    page.type(english)
    page.wait_for(translator.translate([english])[0])
    assert page["to"].get_property("value") == "fr"
    page.driver.refresh()
    page.until(lambda: page.all("#from option"))
    assert page["from"].get_property("value") == "auto"


def test_a_glossary(page, translator):
    page.type(TEXT)
    page.wait_for(translator.translate([TEXT])[0])
    page["glossary"].find_element("css selector", "summary").click()
    page["terms"].send_keys("mat = tapis\n# a comment = x\ncat=chat")
    terms = {"mat": "tapis", "cat": "chat"}
    [expected] = translator.translate([TEXT], glossary=terms)
    page.wait_for(expected)
    assert page["glossary-count"].text == "2 terms"
    page.driver.refresh()
    page.until(lambda: page["terms"].get_property("value"))
    assert page["glossary-count"].text == "2 terms"


INJECTION = '<img src=x onerror="window.hurt=1"><script>window.hurt=1</script> & <b>bold</b>.'


def test_markup_is_text(page):
    """What is typed, and what the model makes of it, never becomes a part of the page."""
    page["glossary"].find_element("css selector", "summary").click()
    page["terms"].send_keys("bold = <i onclick=x>gras</i>")
    page.type(INJECTION)
    page.until(lambda: page.shown)
    page.wait_for_looks()
    page["looks"].click()
    page.until(lambda: page.all("#map-table td"))
    assert page.driver.execute_script("return window.hurt") is None
    inside = "#target :not(span), #mirror :not(span), #map-table :is(img, script, b, i)"
    assert page.all(inside) == []
    assert page.all("body img, body script") == []
    assert page["mirror"].get_property("textContent").rstrip("\u200b") == INJECTION


def test_the_policy_keeps_foreign_scripts_out(page):
    page.driver.execute_script(
        """
        const script = document.createElement("script");
        script.textContent = "window.hurt = 1";
        document.body.append(script);
        """
    )
    assert page.driver.execute_script("return window.hurt") is None
    told = [entry["message"] for entry in page.driver.get_log("browser")]
    assert any("Content Security Policy" in message for message in told)


def test_no_other_place_is_asked(page, server):
    import json

    page.type(TEXT)
    page.until(lambda: page.shown)
    page.wait_for_looks()
    asked = set()
    for entry in page.driver.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            asked.add(message["params"]["request"]["url"])
    assert f"{server}/api/translate" in asked
    assert [url for url in asked if not url.startswith(f"{server}/")] == []


def drop(page: Page, name: str, content: str) -> None:
    """Drop a file onto the page, as a hand would."""
    page.driver.execute_script(
        """
        const transfer = new DataTransfer();
        transfer.items.add(new File([arguments[1]], arguments[0], { type: "text/plain" }));
        for (const kind of ["dragover", "drop"]) {
          document.querySelector("#source").dispatchEvent(
            new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true }));
        }
        """,
        name,
        content,
    )


def test_a_file_is_dropped(page, translator):
    # more than the server takes at once
    lines = [f"The cat number {i} sat on the mat." for i in range(150)]
    content = "\n".join(["", *lines, ""])
    assert len(content) > 2000
    drop(page, "cats.txt", content)
    page.until(lambda: page["job-save"].is_displayed())
    assert page["job-name"].text == "cats.txt"
    assert page["job-figures"].text == "150 sentences"
    assert page["job-save"].get_attribute("download") == "cats.fr.txt"
    page["job-save"].click()
    saved = page.driver.downloads / "cats.fr.txt"
    page.until(saved.exists)
    expected = "\n".join(["", *translator.translate(lines), ""])
    page.until(lambda: saved.read_text(encoding="utf-8") == expected)


def test_a_file_that_is_no_text(page):
    page.driver.execute_script(
        """
        const transfer = new DataTransfer();
        transfer.items.add(new File([new Uint8Array([255, 254, 0])], "picture.txt"));
        const event = new DragEvent("drop", { dataTransfer: transfer, bubbles: true });
        document.body.dispatchEvent(event);
        """
    )
    page.until(lambda: page["job-last"].text == "This file is no UTF-8 text.")


TOO_WIDE = """
return Array.from(document.querySelectorAll("body *"))
  .filter((one) => one.getBoundingClientRect().right > arguments[0] && !one.closest(".scroll *"))
  .map((one) => `${one.outerHTML.slice(0, 60)} ${one.getBoundingClientRect().right}`)
"""


@pytest.mark.parametrize("width", [320, 390, 1600])
def test_it_fits_the_screen(width, page, server):
    size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500}
    page.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        page.driver.get(f"{server}/")
        page.until(lambda: page.all("#from option"))
        page.type(f"{TEXT} {'x' * 200}")
        page.until(lambda: page.shown)
        page["looks"].click()
        page.until(lambda: page.all("#map-table td"))
        assert page.driver.execute_script(TOO_WIDE, width) == []
        source, target = page["source"].rect, page["target"].rect
        assert (target["y"] >= source["y"] + source["height"]) == (width < 500)
        if width < 500:
            for button in page.all("button, select, a.quiet"):
                assert not button.is_displayed() or button.rect["height"] >= 44
    finally:
        page.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_light_and_dark(page, server):
    def colour() -> str:
        return page.driver.execute_script(
            "return getComputedStyle(document.documentElement).backgroundColor"
        )

    def prefer(scheme: str) -> None:
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    prefer("light")
    light = colour()
    prefer("dark")
    dark = colour()
    assert light != dark
    page["theme"].click()
    assert (page["theme"].accessible_name, colour()) == ("Theme: light", light)
    page["theme"].click()
    assert (page["theme"].accessible_name, colour()) == ("Theme: dark", dark)
    page.driver.refresh()
    page.until(lambda: page["theme"].accessible_name == "Theme: dark")
    prefer("light")
    assert colour() == dark


def test_too_long_a_text_is_told(page):
    page.driver.execute_script(
        "arguments[0].value = 'word '.repeat(500); arguments[0].dispatchEvent(new Event('input'))",
        page["source"],
    )
    page.until(lambda: "longer than 2,000 characters" in page["problem"].text)
    assert page["count"].text == "2,500 of 2,000"


def test_a_key_is_asked_for(browser, run, loaded, translator):
    key = "a key that nobody could guess"
    with served(run, loaded, Access(keys=frozenset({key}))) as address:
        browser.get(f"{address}/")
        page = Page(browser)
        page.until(lambda: page["locked"].is_displayed())
        page["key"].send_keys("a guess")
        page["unlock"].click()
        page.type(TEXT)
        page.until(lambda: page["problem"].text == "this key is not known")
        assert page["locked"].is_displayed()
        page["key"].clear()
        page["key"].send_keys(key)
        page["unlock"].click()
        page.wait_for(translator.translate([TEXT])[0])
        assert not page["locked"].is_displayed()
        # it is kept in this tab, and nowhere else
        assert key not in browser.execute_script("return JSON.stringify(localStorage)")
        browser.get("about:blank")
        browser.get_log("browser")  # the guess was refused there
