package dev.panoptes.detection.report;

import dev.panoptes.detection.fusion.Finding;
import dev.panoptes.detection.fusion.Incident;

/** An investigation as one page that needs nothing else and runs no script. */
public final class InvestigationHtml {
    private static final String STYLE = """
        body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#1c2330;background:#fff}
        h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}table{border-collapse:collapse;width:100%}
        td,th{text-align:left;vertical-align:top;padding:.2rem .6rem .2rem 0;border-bottom:1px solid #dde2ea;overflow-wrap:anywhere}
        code{font-size:.9em}.sev{font-weight:600}.critical,.high{color:#a4122a}.medium{color:#8a5300}
        @media(prefers-color-scheme:dark){body{background:#12161d;color:#e5e9f0}td,th{border-color:#2c3442}
        .critical,.high{color:#ff8a9b}.medium{color:#ffc46b}}
        """;

    private InvestigationHtml() {}

    public static String write(Investigation investigation) {
        StringBuilder html = new StringBuilder(8_192);
        html.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
                .append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">")
                .append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src"
                        + " 'unsafe-inline'\">")
                .append("<title>Investigation</title><style>")
                .append(STYLE)
                .append("</style></head><body><main><h1>Threat level ")
                .append(investigation.threat())
                .append("</h1><p>")
                .append(escape(investigation.summary()))
                .append("</p>\n");
        investigation.incidents().forEach(incident -> incident(html, incident));
        html.append("<h2>Findings</h2><table><thead><tr><th scope=\"col\">Severity</th><th scope=\"col\">Finding</th>")
                .append("<th scope=\"col\">Techniques</th><th scope=\"col\">Count</th><th"
                        + " scope=\"col\">First</th></tr></thead><tbody>\n");
        investigation.findings().forEach(finding -> finding(html, finding));
        html.append("</tbody></table>");
        if (!investigation.unreadable().isEmpty()) {
            html.append("<h2>Could not be read</h2><ul>");
            investigation
                    .unreadable()
                    .forEach(one -> html.append("<li>").append(escape(one)).append("</li>"));
            html.append("</ul>");
        }
        return html.append("</main></body></html>\n").toString();
    }

    private static void incident(StringBuilder html, Incident incident) {
        String word = incident.severity().word();
        html.append("<section><h2><span class=\"sev ")
                .append(word)
                .append("\">")
                .append(word)
                .append("</span> ")
                .append(escape(incident.title()))
                .append("</h2><p><code>")
                .append(incident.id())
                .append("</code>, ")
                .append(incident.first())
                .append(" to ")
                .append(incident.last())
                .append(", severity ")
                .append(incident.score())
                .append(" of 100, confidence ")
                .append(incident.confidence())
                .append(" %</p><ul>");
        incident.contributions()
                .forEach(one -> html.append("<li>")
                        .append(one.points())
                        .append(": ")
                        .append(escape(one.reason()))
                        .append("</li>"));
        html.append("</ul><p>");
        incident.entities()
                .forEach(entity -> html.append(escape(entity.type()))
                        .append(" <code>")
                        .append(escape(entity.id()))
                        .append("</code> "));
        html.append("</p><h3>Chain</h3><ol>");
        incident.chain()
                .forEach(step -> html.append("<li>")
                        .append(step.at())
                        .append(' ')
                        .append(escape(step.technique()))
                        .append(' ')
                        .append(escape(step.tactic()))
                        .append("</li>"));
        html.append("</ol><h3>Timeline</h3><table><thead><tr><th scope=\"col\">Time</th><th scope=\"col\">What</th>")
                .append("<th scope=\"col\">Event</th></tr></thead><tbody>\n");
        incident.timeline()
                .forEach(moment -> html.append("<tr><td>")
                        .append(moment.at())
                        .append("</td><td>")
                        .append(escape(moment.text()))
                        .append("</td><td><code>")
                        .append(escape(moment.event()))
                        .append("</code></td></tr>\n"));
        html.append("</tbody></table></section>\n");
    }

    private static void finding(StringBuilder html, Finding finding) {
        html.append("<tr><td class=\"sev ")
                .append(finding.severity().word())
                .append("\">")
                .append(finding.severity().word())
                .append("</td><td>")
                .append(escape(finding.title()))
                .append("</td><td>")
                .append(escape(String.join(" ", finding.techniques())))
                .append("</td><td>")
                .append(finding.count())
                .append("</td><td>")
                .append(finding.first())
                .append("</td></tr>\n");
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
