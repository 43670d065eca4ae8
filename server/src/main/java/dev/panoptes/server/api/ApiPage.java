package dev.panoptes.server.api;

import java.util.List;
import java.util.Locale;

/** The description as one readable page: no script, one style sheet. */
final class ApiPage {
    static final String STYLE = """
            :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
            body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
            pre { white-space: pre-wrap; font: inherit; }
            h2 { margin: 2rem 0 .5rem; text-transform: capitalize; }
            table { border-collapse: collapse; width: 100%; }
            td { border-top: 1px solid color-mix(in srgb, currentColor 20%, transparent); padding: .4rem .8rem .4rem 0; vertical-align: top; }
            code { font: .9em ui-monospace, monospace; overflow-wrap: anywhere; }
            .method { font-weight: 600; }
            .access { opacity: .7; }
            """;

    private ApiPage() {}

    static String html() {
        List<ApiDescription.Call> calls = ApiDescription.calls();
        StringBuilder html = new StringBuilder("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
                .append(
                        "<title>Panoptes: the API</title><link rel=\"stylesheet\" href=\"/api/style.css\"></head><body>")
                .append("<h1>Panoptes: the API</h1><pre>")
                .append(escaped(ApiDescription.introduction()))
                .append("</pre><p>For programs: <a href=\"/openapi.yaml\">openapi.yaml</a>,")
                .append(" <a href=\"/openapi.json\">openapi.json</a></p>");
        for (String tag :
                calls.stream().map(ApiDescription.Call::tag).distinct().toList()) {
            html.append("<h2>").append(escaped(tag)).append("</h2><table>");
            calls.stream().filter(call -> call.tag().equals(tag)).forEach(call -> row(html, call));
            html.append("</table>");
        }
        return html.append("</body></html>\n").toString();
    }

    private static void row(StringBuilder html, ApiDescription.Call call) {
        html.append(String.format(
                Locale.ROOT,
                "<tr><td class=\"method\">%s</td><td><code>%s</code></td><td>%s</td><td class=\"access\">%s</td></tr>",
                escaped(call.method()),
                escaped(call.path()),
                escaped(call.description().isEmpty() ? call.summary() : call.summary() + ". " + call.description()),
                escaped(call.access())));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
