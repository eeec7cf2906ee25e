package dev.drover.it;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import jakarta.json.Json;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
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
        page.page.navigate(url);
        return page;
    }

    /** Asks for the plan, reads how many will move, and starts it. */
    void evacuate(String host, int moves) {
        Locator card = page.locator("[data-host='" + host + "']");
        assertThat(card.locator("li")).hasCount(moves, new LocatorAssertions.HasCountOptions().setTimeout(30_000));
        card.getByText("Evacuate…").click();
        assertThat(page.locator("#plan-title")).hasText("Empty " + host + ": " + moves + " to move, 0 blocked");
        Response started = page.waitForResponse(
                response -> response.url().endsWith("/evacuations")
                        && response.request().method().equals("POST"),
                page.locator("#plan-start")::click);
        evacuation =
                Json.createReader(new StringReader(started.text())).readObject().getString("id");
    }

    void awaitEnd(String state) {
        // by its id: the page may still show the one before
        assertThat(page.locator("#evacuation[data-id='" + evacuation + "'] #evacuation-title .badge"))
                .hasText(state, new LocatorAssertions.HasTextOptions().setTimeout(PATIENCE_MS));
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
