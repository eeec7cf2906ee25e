package dev.drover.lab;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The operators' page in the system's Chromium, used as a person would. */
final class Page implements AutoCloseable {

    private static final double PATIENCE_MS = 120_000;

    private final Playwright playwright;
    private final com.microsoft.playwright.Page page;
    private final List<String> errors = new ArrayList<>();

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
        page.locator("#plan-start").click();
        page.locator("#evacuation").waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.VISIBLE));
    }

    void awaitEnd(String state) {
        assertThat(page.locator("#evacuation-title .badge"))
                .hasText(state, new LocatorAssertions.HasTextOptions().setTimeout(PATIENCE_MS));
    }

    Set<String> completedDomains() {
        return page.locator("#migrations tr").all().stream()
                .filter(row -> row.locator(".badge").innerText().equals("COMPLETED"))
                .map(row -> row.getAttribute("data-domain"))
                .collect(Collectors.toSet());
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
