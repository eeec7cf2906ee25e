package dev.drover.it;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The operators' page in the system's Chromium, used as a person would. */
final class Page implements AutoCloseable {

    private static final double PATIENCE_MS = 120_000;

    private final Playwright playwright;
    private final com.microsoft.playwright.Page page;
    private final List<String> errors = new ArrayList<>();
    private String evacuation = "none";

    private Page(Playwright playwright, com.microsoft.playwright.Page page) {
        this.playwright = playwright;
        this.page = page;
        page.onPageError(errors::add);
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                errors.add(message.text());
            }
        });
    }

    static Page open(String url, String user, String password) {
        Playwright playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        Browser browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(Path.of("/usr/bin/chromium"))
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync")));
        var context = browser.newContext(new Browser.NewContextOptions().setHttpCredentials(user, password));
        Page page = new Page(playwright, context.newPage());
        page.page.setDefaultTimeout(PATIENCE_MS);
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MS);
        page.page.navigate(url);
        return page;
    }

    /** Waits until the page says that so many domains are on that host. */
    void awaitDomains(String host, int number) {
        assertThat(page.locator("[data-host='" + host + "'] li")).hasCount(number);
    }

    /** Asks for the plan, reads how many will move, and starts it. */
    void evacuate(String host, int moves) {
        awaitDomains(host, moves);
        page.locator("[data-host='" + host + "']").getByText("Evacuate…").click();
        assertThat(page.locator("#dialog-title")).hasText("Empty " + host + ": " + moves + " to move, 0 blocked");
        Response started = page.waitForResponse(
                response -> response.url().endsWith("/evacuations")
                        && response.request().method().equals("POST"),
                page.locator("#dialog-do")::click);
        evacuation =
                Json.createReader(new StringReader(started.text())).readObject().getString("id");
    }

    /** Asks for the plan and no more. */
    void plan(String host) {
        page.locator("[data-host='" + host + "'] > .card-body > button").click();
        assertThat(page.locator("#dialog-title")).containsText("Empty " + host);
    }

    /** Asks for the plan, and holds back the answer. */
    Held planAndHold(String host) {
        List<Held> held = heldFrom("POST", "plans");
        page.locator("[data-host='" + host + "'] > .card-body > button").click();
        page.waitForCondition(() -> !held.isEmpty());
        return held.get(0);
    }

    /** Holds back the answer to what the page asks next of that path; returns when it is there, but not yet with the page. */
    Held hold(String path) {
        List<Held> held = heldFrom("GET", path);
        page.waitForCondition(() -> !held.isEmpty());
        return held.get(0);
    }

    /** Opens the page anew, and holds back the answer to what it asks first of that path. */
    Held reloadAndHold(String path) {
        List<Held> held = heldFrom("GET", path);
        page.reload();
        page.waitForCondition(() -> !held.isEmpty());
        return held.get(0);
    }

    private List<Held> heldFrom(String method, String path) {
        List<Held> held = new ArrayList<>();
        page.route("**/api/" + path, route -> {
            if (held.isEmpty() && route.request().method().equals(method)) {
                held.add(new Held(page, method.equals("GET") ? path : "hosts", route, route.fetch()));
            } else {
                route.resume();
            }
        });
        return held;
    }

    /**
     * An answer that is under way to the page, slower than others.
     *
     * @param next what the page asks again and again
     */
    record Held(com.microsoft.playwright.Page page, String next, Route route, APIResponse answer) {

        /** Lets it arrive, and returns when the page has asked something more and drawn the answer to that. */
        void arrives() {
            route.fulfill(new Route.FulfillOptions().setResponse(answer));
            for (int look = 0; look < 2; look++) {
                page.waitForResponse(
                        response -> response.url().endsWith("/api/" + next)
                                && response.request().method().equals("GET"),
                        () -> {});
            }
        }
    }

    /**
     * Shows the page an alert for each of these domains, which runs twice, until it is acknowledged.
     *
     * @return what the page has said of each
     */
    Map<String, String> unsettled(List<String> domains) {
        Map<String, String> said = new LinkedHashMap<>();
        page.route("**/api/alerts", route -> {
            JsonArrayBuilder standing = Json.createArrayBuilder();
            domains.stream()
                    .filter(domain -> !said.containsKey(domain))
                    .forEach(domain -> standing.add(runsTwice(domain)));
            answer(route, standing.build());
        });
        page.route("**/api/migrations/*/acknowledge", route -> {
            String migration = route.request().url().replaceAll(".*/migrations/|/acknowledge", "");
            said.put(migration, route.request().postData());
            answer(route, JsonValue.EMPTY_JSON_OBJECT);
        });
        return said;
    }

    private static void answer(Route route, JsonValue body) {
        route.fulfill(
                new Route.FulfillOptions().setContentType("application/json").setBody(body.toString()));
    }

    // named after its domain, where the server has an id
    private static JsonObject runsTwice(String domain) {
        String now = Instant.now().toString();
        return Json.createObjectBuilder()
                .add("evacuation", "one of h1")
                .add("migration", domain)
                .add("host", "h1")
                .add("domain", domain)
                .add(
                        "reason",
                        Json.createObjectBuilder()
                                .add("failure", "QUARANTINED")
                                .add("message", "'" + domain + "' runs on h1 and on h2"))
                .add("remedy", "Destroy one.")
                .add("since", now)
                .add("told", now)
                .add("times", 1)
                .add("acknowledgeable", true)
                .build();
    }

    /** The evacuation that was started or chosen here last. */
    String evacuation() {
        return evacuation;
    }

    /** Chooses an evacuation from the list, as who wants to know more of it. */
    void show(String id) {
        evacuation = id;
        page.locator("[data-evacuation='" + id + "'] > .btn-link").click();
        shown().waitFor();
    }

    // by its id: the page may still show the one before
    private Locator shown() {
        return page.locator("#evacuation[data-id='" + evacuation + "']");
    }

    void awaitState(String state) {
        assertThat(shown().locator("#evacuation-title .badge")).hasText(state);
    }

    /** What is offered for the evacuation that is shown, in the page's order. */
    List<String> verbs() {
        return shown().locator(".card-header [data-verb]").evaluateAll("all => all.map(one => one.dataset.verb)")
                        instanceof List<?> found
                ? found.stream().map(String::valueOf).toList()
                : List.of();
    }

    /** Takes one of the verbs of the evacuation that is shown, as far as its dialog, if it has one. */
    void verb(String verb) {
        shown().locator(".card-header [data-verb='" + verb + "']").click();
    }

    /** The second click of a double click, when that verb has taken the place of the one that the first was for. */
    void secondClick(String verb) {
        shown().locator(".card-header [data-verb='" + verb + "']").dispatchEvent("click", Map.of("detail", 2));
    }

    /** Agrees to what the dialog asks. */
    void agree() {
        page.locator("#dialog-do").click();
        assertThat(page.locator("#dialog")).isHidden();
    }

    /** Tries to agree; the dialog stays. @return what it says that it lacks */
    String agreeInVain() {
        page.locator("#dialog-do").click();
        assertThat(page.locator("#dialog")).isVisible();
        return String.valueOf(page.locator("#dialog :invalid:not(form)").evaluate("one => one.validationMessage"));
    }

    void fill(String label, String text) {
        page.locator("#dialog").getByLabel(label).fill(text);
    }

    void choose(String label, String option) {
        page.locator("#dialog").getByLabel(label).selectOption(option);
    }

    void leave() {
        page.keyboard().press("Escape");
        assertThat(page.locator("#dialog")).isHidden();
    }

    /** What the open dialog says. */
    String dialog() {
        return page.locator("#dialog").innerText();
    }

    /** The lines of the audit trail that is open, once there are at least so many. */
    List<String> trail(int atLeast) {
        Locator lines = page.locator("#entries tr");
        assertThat(lines.nth(atLeast - 1)).isVisible();
        return lines.allInnerTexts();
    }

    /** Takes a verb of one row or list item, as far as its dialog. */
    void verbOf(String where, String domain, String verb) {
        page.locator(where + " [data-domain='" + domain + "'] [data-verb='" + verb + "']")
                .first()
                .click();
    }

    void awaitRow(String where, String domain, String state) {
        // those that need attention stand first
        assertThat(page.locator(where + " [data-domain='" + domain + "'] .badge")
                        .first())
                .hasText(state);
    }

    /** Waits until the alert with that code stands. @return what it says */
    String awaitAlert(String failure) {
        Locator alert = page.locator("#alerts [data-failure='" + failure + "']");
        alert.waitFor();
        return alert.innerText();
    }

    /** Waits until that domain's is the only alert. */
    void awaitAlertOf(String domain) {
        Locator lines = page.locator("#alerts [data-domain]");
        assertThat(lines).hasCount(1);
        assertThat(lines).hasAttribute("data-domain", domain);
    }

    void awaitNoAlerts() {
        assertThat(page.locator("#alerts")).isHidden();
    }

    /** How many elements there are; the page must have been drawn. */
    int count(String selector) {
        page.locator("[data-host]").first().waitFor();
        return page.locator(selector).count();
    }

    String text(String selector) {
        return page.locator(selector).innerText();
    }

    /** Makes the window as narrow as a telephone's. @return how far what is drawn sticks out of it, in pixels */
    int overhangAt(int width, int height) {
        page.setViewportSize(width, height);
        return ((Number) page.evaluate("document.documentElement.scrollWidth - innerWidth")).intValue();
    }

    /** Fields and buttons whose purpose a screen reader could not tell. */
    List<?> nameless() {
        return (List<?>)
                page.evaluate(
                        """
                [...document.querySelectorAll("button, input, select, textarea, progress, a, dialog[open], section, article")]
                    .filter(one => !(one.textContent.trim() && one.matches("button, a"))
                        && !one.getAttribute("aria-label") && !document.getElementById(one.getAttribute("aria-labelledby"))
                        && !one.labels?.length && !one.querySelector("h2, h3"))
                    .map(one => one.outerHTML.slice(0, 80))""");
    }

    /** In one look: the page draws its rows anew whenever something happens. */
    List<String> completedDomains() {
        Object names = page.evaluate(
                """
                [...document.querySelectorAll("#migrations tr")]
                    .filter(row => row.querySelector(".badge").textContent === "COMPLETED")
                    .map(row => row.dataset.domain).sort()""");
        return ((List<?>) names).stream().map(String::valueOf).toList();
    }

    /** What the browser complained about. */
    List<String> errors() {
        return List.copyOf(errors);
    }

    void screenshot(Path file) {
        page.screenshot(new com.microsoft.playwright.Page.ScreenshotOptions()
                .setPath(file)
                .setFullPage(true));
    }

    private static LocatorAssertions assertThat(Locator locator) {
        return PlaywrightAssertions.assertThat(locator);
    }

    @Override
    public void close() {
        playwright.close();
    }
}
