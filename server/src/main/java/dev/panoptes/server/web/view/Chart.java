package dev.panoptes.server.web.view;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/**
 * A line over time in a box of 320 by 84, broken where nothing was measured, and the same as a table.
 *
 * @param value the newest
 * @param line a path
 * @param area below it
 * @param gaps where nothing was measured
 * @param table at most thirty readings, the newest first
 */
public record Chart(
        String name, String value, String note, String line, String area, List<Gap> gaps, List<Reading> table) {
    private static final int WIDTH = 320;
    private static final int HEIGHT = 84;
    private static final int ROWS = 30;

    /** @param x where it begins */
    public record Gap(String x, String width) {}

    public record Reading(Instant at, String value) {}

    /** A measured value. */
    public record Point(Instant at, double value) {}

    /**
     * @param points at least one, in the order of time
     * @param gap two that are further apart have nothing between them
     * @param least the highest that the box always has room for
     */
    public static Chart of(
            String name,
            List<Point> points,
            Instant from,
            Instant to,
            Duration gap,
            double least,
            DoubleFunction<String> shown) {
        double most = points.stream().mapToDouble(Point::value).max().orElse(0);
        double bottom =
                Math.min(0, points.stream().mapToDouble(Point::value).min().orElse(0));
        double top = Math.max(most <= bottom ? bottom + 1 : bottom + (most - bottom) * 1.12, least);
        double span = Math.max(1, Duration.between(from, to).toMillis());
        StringBuilder line = new StringBuilder();
        StringBuilder area = new StringBuilder();
        List<Gap> gaps = new ArrayList<>();
        Instant before = from;
        double first = 0;
        double last = 0;
        boolean open = false;
        for (Point point : points) {
            double x = Math.clamp(Duration.between(from, point.at()).toMillis() / span * WIDTH, 0, WIDTH);
            double y = HEIGHT - (point.value() - bottom) / (top - bottom) * (HEIGHT - 4);
            boolean far = Duration.between(before, point.at()).compareTo(gap) > 0;
            if (far || !open) {
                if (open) {
                    area.append(at("L", last, HEIGHT)).append('Z');
                }
                if (far) {
                    gaps.add(gap(open ? last : 0, x));
                }
                line.append(at("M", Math.max(0, x - 0.6), y)).append(at("L", x, y));
                area.append(at("M", x, HEIGHT)).append(at("L", x, y));
                first = x;
            } else {
                line.append(at("L", x, y));
                area.append(at("L", x, y));
            }
            open = true;
            last = Math.max(first, x);
            before = point.at();
        }
        if (open) {
            area.append(at("L", last, HEIGHT)).append('Z');
        }
        if (Duration.between(before, to).compareTo(gap) > 0) {
            gaps.add(gap(open ? last : 0, WIDTH));
        }
        List<Reading> table = points.reversed().stream()
                .limit(ROWS)
                .map(point -> new Reading(point.at(), shown.apply(point.value())))
                .toList();
        return new Chart(
                name,
                points.isEmpty() ? "None" : shown.apply(points.getLast().value()),
                "peak " + shown.apply(most) + ", " + Show.count(points.size(), "reading", "readings") + " in "
                        + Show.span(Duration.between(from, to)),
                line.toString(),
                area.toString(),
                gaps,
                table);
    }

    private static Gap gap(double from, double to) {
        return new Gap(
                String.format(Locale.ROOT, "%.1f", from), String.format(Locale.ROOT, "%.1f", Math.max(0, to - from)));
    }

    private static String at(String letter, double x, double y) {
        return String.format(Locale.ROOT, "%s%.1f %.1f", letter, x, Math.clamp(y, 0, HEIGHT));
    }
}
