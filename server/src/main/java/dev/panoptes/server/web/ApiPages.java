package dev.panoptes.server.web;

import dev.panoptes.integrity.report.HtmlReport;
import dev.panoptes.server.api.ApiDescription;
import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.Principal;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** The API's description for people, and the style sheet of every page. */
public final class ApiPages implements Resource {
    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/api", Access.OPEN, this::api), Route.get(Layout.STYLESHEET, Access.OPEN, this::style));
    }

    private Response api(Request request) {
        List<ApiDescription.Call> calls = ApiDescription.calls();
        List<String> tags =
                calls.stream().map(ApiDescription.Call::tag).distinct().toList();
        Html main = Html.of(
                """
                <h1>The API.</h1>
                <div class="prose">{}</div>
                <p class="lead">For programs: <a href="/openapi.yaml">openapi.yaml</a>, <a href="/openapi.json">openapi.json</a></p>
                <nav aria-label="Groups of calls" class="tags groups">{}</nav>
                {}""",
                Html.each(
                        List.of(ApiDescription.introduction().strip().split("\n(?=[A-Z])")),
                        text -> Html.of("<p>{}</p>", prose(text))),
                Html.each(tags, tag -> Html.of("<a class=\"tag\" href=\"#{}\">{}</a>", tag, tag)),
                Html.each(tags, tag -> group(tag, calls)));
        return Layout.page(200, "The API", "/api", new Principal.Anonymous(), main);
    }

    private static Html group(String tag, List<ApiDescription.Call> calls) {
        return Html.of(
                """
                <section class="panel" aria-labelledby="{}"><div class="ph"><h2 id="{}">{}</h2></div>
                <div class="scroll" role="region" tabindex="0" aria-labelledby="{}"><table class="calls"><thead><tr>\
                <th scope="col">Call</th><th scope="col">What it does</th><th scope="col">Who</th></tr></thead><tbody>
                {}</tbody></table></div></section>
                """,
                tag,
                tag,
                tag.substring(0, 1).toUpperCase(Locale.ROOT) + tag.substring(1),
                tag,
                Html.each(calls.stream().filter(call -> call.tag().equals(tag)).toList(), ApiPages::row));
    }

    private static Html row(ApiDescription.Call call) {
        return Html.of(
                "<tr><th scope=\"row\"><span class=\"method\">{}</span> <code>{}</code></th><td>{}{}</td><td class=\"keep\">{}</td></tr>\n",
                call.method(),
                call.path(),
                call.summary(),
                call.description().isEmpty() ? Html.NONE : Html.of("<p class=\"t2\">{}</p>", prose(call.description())),
                call.access());
    }

    /** The description writes code between backquotes. */
    private static Html prose(String text) {
        String[] parts = text.split("`", -1);
        StringBuilder prose = new StringBuilder();
        for (int i = 0; i < parts.length; i++) {
            prose.append(
                    Html.of(i % 2 == 0 ? "{}" : "<code>{}</code>", parts[i]).text());
        }
        return new Html(prose.toString());
    }

    private Response style(Request request) {
        return Response.text("text/css; charset=utf-8", HtmlReport.stylesheet() + own());
    }

    private static String own() {
        try (InputStream css = ApiPages.class.getResourceAsStream("pages.css")) {
            if (css == null) {
                throw new IllegalStateException("pages.css is missing from the program");
            }
            return new String(css.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
