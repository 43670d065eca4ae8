package dev.panoptes.server.web.view;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A piece of a bar of 100 units.
 *
 * @param tone a colour of the style sheet
 */
public record Bar(String tone, String x, String width) {
    private static final double GAP = 0.6;

    /** One kind of thing and how many there are. */
    public record Share(String tone, long number) {}

    /** The shares beside one another; something is never too narrow to be seen. */
    public static List<Bar> of(List<Share> shares) {
        long whole = shares.stream().mapToLong(Share::number).sum();
        List<Bar> bars = new ArrayList<>();
        double left = 0;
        long rest = shares.stream().filter(share -> share.number() > 0).count();
        for (Share share : shares) {
            if (share.number() > 0) {
                rest--;
                double width = Math.max(1, share.number() * 100.0 / whole);
                width = Math.min(width, 100 - left - rest * (1 + GAP));
                bars.add(new Bar(share.tone(), text(left), text(width)));
                left += width + GAP;
            }
        }
        return bars;
    }

    private static String text(double number) {
        return String.format(Locale.ROOT, "%.2f", number);
    }
}
