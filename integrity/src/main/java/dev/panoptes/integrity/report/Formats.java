package dev.panoptes.integrity.report;

import java.util.List;
import java.util.Optional;

/** Every report format there is. To add one, write its class, its name and its line here. */
public final class Formats {
    public static final String TEXT = "text";
    public static final String JSON = "json";
    public static final String NAGIOS = "nagios";

    /** What {@code --format} takes. */
    public static final List<String> NAMES = List.of(TEXT, JSON, "sarif", "junit", NAGIOS, "prometheus", "html");

    private Formats() {}

    /**
     * The writer of this format; empty where there is no such format.
     *
     * @param style only text heeds it
     */
    public static Optional<ReportWriter> named(String name, TextStyle style) {
        return switch (name) {
            case TEXT -> Optional.of(new TextReport(style, ""));
            case JSON -> Optional.of(new JsonReport());
            case "sarif" -> Optional.of(new SarifReport());
            case "junit" -> Optional.of(new JUnitReport());
            case NAGIOS -> Optional.of(new NagiosReport());
            case "prometheus" -> Optional.of(new PrometheusReport());
            case "html" -> Optional.of(new HtmlReport());
            default -> Optional.empty();
        };
    }

    /** The text of a scan whose exit code is not that of the command that shows it. @param whose such as {@code a scan would} */
    public static ReportWriter shown(TextStyle style, String whose) {
        return new TextReport(style, whose + " ");
    }
}
