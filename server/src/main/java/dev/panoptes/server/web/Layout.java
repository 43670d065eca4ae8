package dev.panoptes.server.web;

import dev.panoptes.integrity.report.HtmlReport;
import dev.panoptes.server.http.Principal;
import dev.panoptes.server.http.Response;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** What every page has: the head, the way to the other pages, who is logged in. */
final class Layout {
    static final String STYLESHEET = "/static/panoptes.css";

    private record Place(String path, String name) {}

    private static final List<Place> PLACES = List.of(
            new Place("/dashboard", "Dashboard"),
            new Place("/status", "Status"),
            new Place("/scan/last", "Last report"),
            new Place("/api", "API"));

    /** Nobody is asked there who they are, so nothing can be told of it. */
    private static final List<String> OPEN = List.of("/api", "/login");

    private Layout() {}

    /** @param path of the page, to be marked in the navigation */
    static Response page(int status, String title, String path, Principal caller, Html main) {
        Html page = Html.of("""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width,initial-scale=1">
            <title>{} · Panoptes</title>
            <link rel="stylesheet" href="{}">
            </head>
            <body>
            <div class="page">
            {}<main id="main">
            {}</main>
            </div>
            </body>
            </html>
            """, title, STYLESHEET, header(path, caller), main);
        return new Response.Whole(
                status, "text/html; charset=utf-8", page.text().getBytes(StandardCharsets.UTF_8), Map.of());
    }

    /** What stands above a page. */
    static Html header(String path, Principal caller) {
        return Html.of(
                """
                <a class="vh skip" href="#main">To the content</a>
                <header class="top">{}<b>Panoptes</b><nav aria-label="Pages"><ul>{}</ul></nav>{}</header>
                """,
                new Html(HtmlReport.EYE),
                Html.each(
                        PLACES,
                        place -> place.path().equals(path)
                                ? Html.of(
                                        "<li><a href=\"{}\" aria-current=\"page\">{}</a></li>",
                                        place.path(),
                                        place.name())
                                : Html.of("<li><a href=\"{}\">{}</a></li>", place.path(), place.name())),
                OPEN.contains(path) ? Html.NONE : whoAmI(caller));
    }

    private static Html whoAmI(Principal caller) {
        return switch (caller) {
            case Principal.Person person ->
                Html.of("""
                    <form class="end" method="post" action="/logout"><span class="t3">{}, {}</span>\
                    <input type="hidden" name="csrf_token" value="{}"><button class="plain">Log out</button></form>\
                    """, person.name(), person.role().id(), person.csrfToken());
            case Principal.Anonymous() -> Html.of("<span class=\"end\"><a href=\"/login\">Log in</a></span>");
            case Principal.Token _, Principal.Local _, Principal.Observer _, Principal.Agent _, Principal.Enrollee _ ->
                Html.of("<span class=\"end t3\">{}</span>", caller.name());
        };
    }
}
