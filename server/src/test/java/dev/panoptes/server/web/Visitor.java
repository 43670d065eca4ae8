package dev.panoptes.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.PlaywrightException;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.TimeoutError;
import dev.panoptes.server.TestServer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Somebody with a browser of their own, and what the browser complains of. */
final class Visitor implements AutoCloseable {
    static final String PASSWORD = "a better password 1";
    /** Long, for a machine that does much else. */
    private static final double PATIENCE_MS = 120_000;

    private final String url;
    private final BrowserContext context;
    private final Page page;
    private final String axe;
    private final List<String> complaints = new ArrayList<>();

    Visitor(Chromium.Running chromium, String url, boolean scripts) {
        this.url = url;
        this.axe = chromium.axe();
        this.context = chromium.browser()
                .newContext(new Browser.NewContextOptions()
                        .setViewportSize(1440, 1000)
                        .setJavaScriptEnabled(scripts));
        this.page = context.newPage();
        page.setDefaultTimeout(PATIENCE_MS);
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                complaints.add(message.text());
            }
        });
        page.onPageError(error -> complaints.add("thrown: " + error));
    }

    /** Logged in as the first admin, whose one-time password is replaced. */
    static Visitor admin(Chromium.Running chromium, TestServer server) {
        Visitor visitor = new Visitor(chromium, server.url(), true);
        String once = server.server().firstAdmin().orElseThrow().oneTimePassword();
        visitor.logIn("admin", once);
        visitor.page.fill("[name=current]", once);
        visitor.page.fill("[name=new]", PASSWORD);
        visitor.page.fill("[name=again]", PASSWORD);
        visitor.page.click("main button");
        visitor.logIn("admin", PASSWORD);
        return visitor;
    }

    void logIn(String name, String password) {
        page.navigate(url + "/login");
        page.fill("[name=name]", name);
        page.fill("[name=password]", password);
        page.click("main button");
    }

    Page page() {
        return page;
    }

    List<String> complaints() {
        return complaints;
    }

    /** Goes there and waits until the page is live, where it is one that can be. */
    Response open(String path) {
        Response response = page.navigate(url + path);
        until("!document.querySelector('#live') || document.querySelector('#live span').textContent === 'Live'");
        return response;
    }

    /** Rules that the page breaks, with where. */
    String unfit() {
        page.evaluate(axe);
        return String.valueOf(page.evaluate("""
            async () => {
                const found = await axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']});
                return found.violations.map(v => v.id + ' ' + v.nodes.slice(0, 3).map(n => n.target).join(' ')).join('\\n');
            }\
            """));
    }

    /** Widths at which the page is wider than its window. */
    List<Integer> tooWide() {
        List<Integer> wide = new ArrayList<>();
        for (int width : new int[] {320, 390, 600, 761, 900, 1181, 1440, 1920}) {
            page.setViewportSize(width, 900);
            if (((Number) page.evaluate("document.documentElement.scrollWidth")).intValue() > width) {
                wide.add(width);
            }
        }
        page.setViewportSize(1440, 1000);
        return wide;
    }

    /** Presses something and waits until the page says this. */
    void press(String selector, String said) {
        page.locator(selector).first().click();
        says(said);
    }

    void says(String text) {
        await(
                text,
                "text => document.body.innerText.includes(text) ||"
                        + " document.querySelector('#toast')?.textContent.includes(text)",
                text);
    }

    private void await(String wanted, String function, @Nullable Object argument) {
        try {
            page.waitForCondition(() -> holds(function, argument));
        } catch (TimeoutError e) {
            throw new AssertionError(
                    "in vain waited for " + wanted + " at " + page.url() + ", which says\n"
                            + page.locator("body").innerText(),
                    e);
        }
    }

    /** Waits until this is true. Not the browser's own waiting: that would evaluate text, which the pages forbid. */
    void until(String expression) {
        await(expression, "() => !!(" + expression + ")", null);
    }

    private boolean holds(String function, @Nullable Object argument) {
        try {
            return Boolean.TRUE.equals(page.evaluate(function, argument));
        } catch (PlaywrightException e) {
            // The page is on its way to another.
            return false;
        }
    }

    Locator find(String selector) {
        return page.locator(selector);
    }

    void isQuiet() {
        assertThat(complaints)
                .as("what the browser complained of at " + page.url())
                .isEmpty();
    }

    @Override
    public void close() {
        context.close();
    }
}
