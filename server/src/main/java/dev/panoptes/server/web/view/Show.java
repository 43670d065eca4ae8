package dev.panoptes.server.web.view;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Words and shapes for values, used by every template. */
public final class Show {
    private static final DateTimeFormatter CLOCK = formatter("HH:mm:ss");
    private static final DateTimeFormatter DAY = formatter("EEEE d MMMM");
    private static final DateTimeFormatter SHORT_DAY = formatter("d MMM");
    private static final DateTimeFormatter FULL = formatter("d MMMM yyyy, HH:mm:ss 'UTC'");

    private Show() {}

    private static DateTimeFormatter formatter(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(ZoneOffset.UTC);
    }

    /** A severity as the style sheet names it. */
    public static String tone(String severity) {
        return switch (severity) {
            case "critical" -> "crit";
            case "high", "error" -> "high";
            case "medium", "warning" -> "med";
            case "low" -> "low";
            default -> "info";
        };
    }

    /** The first letter large, the rest as it is; underscores and hyphens are spaces. */
    public static String word(String id) {
        String words = id.replace('_', ' ').replace('-', ' ');
        return words.isEmpty() ? words : words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }

    public static String number(long number) {
        return String.format(Locale.ENGLISH, "%,d", number);
    }

    /** A number with at most one decimal. */
    public static String decimal(double number) {
        double rounded = Math.round(number * 10) / 10.0;
        return rounded == Math.rint(rounded)
                ? number(Math.round(rounded))
                : String.format(Locale.ENGLISH, "%,.1f", rounded);
    }

    /** {@code 1 issue}, {@code 2 issues}. */
    public static String count(long number, String one, String many) {
        return number(number) + " " + (number == 1 ? one : many);
    }

    public static String clock(Instant instant) {
        return CLOCK.format(instant);
    }

    public static String day(Instant instant) {
        return DAY.format(instant);
    }

    public static String shortDay(Instant instant) {
        return SHORT_DAY.format(instant);
    }

    public static String full(Instant instant) {
        return FULL.format(instant);
    }

    /** How long ago, in two units at most; a time that is still to come says so. */
    public static String ago(@Nullable Instant instant, Instant now) {
        if (instant == null) {
            return "never";
        }
        Duration age = Duration.between(instant, now);
        return age.isNegative() && age.toSeconds() < -5 ? "in " + span(age.negated()) : span(age);
    }

    public static String span(Duration span) {
        long seconds = Math.max(0, span.toSeconds());
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3_600) {
            return seconds / 60 + " min";
        }
        if (seconds < 86_400) {
            long minutes = seconds % 3_600 / 60;
            return seconds / 3_600 + " h" + (minutes == 0 ? "" : " " + minutes + " min");
        }
        long hours = seconds % 86_400 / 3_600;
        return seconds / 86_400 + " d" + (hours == 0 || seconds >= 7 * 86_400 ? "" : " " + hours + " h");
    }

    public static String bytes(double bytes) {
        if (bytes < 1_024) {
            return decimal(bytes) + " B";
        }
        if (bytes < 1_048_576) {
            return decimal(bytes / 1_024) + " KiB";
        }
        return bytes < 1_073_741_824 ? decimal(bytes / 1_048_576) + " MiB" : decimal(bytes / 1_073_741_824) + " GiB";
    }

    /** The points of a line through values that are spread over the width; null leaves a hole at the end. */
    public static String line(List<? extends Number> values, double width, double height, double least, double most) {
        StringBuilder points = new StringBuilder();
        double span = most - least <= 0 ? 1 : most - least;
        for (int i = 0; i < values.size(); i++) {
            double x = values.size() == 1 ? width : i * width / (values.size() - 1);
            double y = height - (values.get(i).doubleValue() - least) / span * height;
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, Math.clamp(y, 0, height)));
        }
        return points.toString().strip();
    }

    /** A share of a whole as a length, to one decimal, never nothing where there is something. */
    public static String length(double part, double whole, double full) {
        double length = whole <= 0 ? 0 : part / whole * full;
        return String.format(Locale.ROOT, "%.1f", part > 0 ? Math.max(length, full / 120) : 0);
    }

    /** A name as a part of an address. */
    public static String path(String name) {
        return java.net.URLEncoder.encode(name, java.nio.charset.StandardCharsets.UTF_8)
                .replace("+", "%20");
    }

    /** Where a list goes on, with its filter. @param page its path */
    public static String further(String page, Map<String, String> filter, int skip) {
        StringBuilder address = new StringBuilder(page).append("?skip=").append(skip);
        filter.forEach(
                (name, value) -> address.append('&').append(name).append('=').append(path(value)));
        return address.toString();
    }

    /** Something over the first characters where it is long. */
    public static String brief(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most - 1) + "…";
    }
}
