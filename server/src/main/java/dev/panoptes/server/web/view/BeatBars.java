package dev.panoptes.server.web.view;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Heartbeats as bars, one for each quarter of an hour, the newest at the right edge of a box of 8 by 20 for each. What came whole, in
 * part, not at all, and what nobody listened to differ in height and outline too.
 *
 * @param width of the box
 * @param whole a path, as the other three
 * @param empty how much of the box is before the first quarter
 * @param label the same in words
 */
public record BeatBars(int width, String whole, String some, String none, String unheard, int empty, String label) {
    /** Quarters in a row of the fleet. */
    public static final int LATELY = 12;
    /** From so much on an agent is regular: the clocks of both sides are not one. */
    private static final int WHOLE = 90;

    private static final int STEP = 8;

    /** As they are stored: with commas, -1 where nobody listened. */
    public static List<@Nullable Integer> read(String beats) {
        List<@Nullable Integer> all = new ArrayList<>();
        if (!beats.isEmpty()) {
            for (String each : beats.split(",", -1)) {
                int percent = Integer.parseInt(each);
                all.add(percent < 0 ? null : percent);
            }
        }
        return all;
    }

    /** @param quarters at most {@code most}, the oldest first */
    public static BeatBars of(List<@Nullable Integer> quarters, int most) {
        StringBuilder whole = new StringBuilder();
        StringBuilder some = new StringBuilder();
        StringBuilder none = new StringBuilder();
        StringBuilder unheard = new StringBuilder();
        int[] counts = new int[4];
        int empty = Math.max(0, most - quarters.size()) * STEP;
        int x = empty;
        for (Integer percent : quarters) {
            if (percent == null) {
                unheard.append('M').append(x).append(" 17h6v3h-6z");
                counts[3]++;
            } else if (percent >= WHOLE) {
                whole.append('M').append(x).append(" 0h6v20h-6z");
                counts[0]++;
            } else if (percent > 0) {
                some.append('M').append(x).append(" 7h6v13h-6z");
                counts[1]++;
            } else {
                none.append('M').append(x + 1).append(" 14h4v5h-4z");
                counts[2]++;
            }
            x += STEP;
        }
        return new BeatBars(
                most * STEP,
                whole.toString(),
                some.toString(),
                none.toString(),
                unheard.toString(),
                empty,
                label(quarters.size(), counts));
    }

    private static String label(int quarters, int[] counts) {
        if (quarters == 0) {
            return "No quarter of an hour is counted yet";
        }
        return Show.count(quarters, "quarter of an hour", "quarters of an hour") + ": " + counts[0] + " whole, "
                + counts[1]
                + " with some missing, " + counts[2] + " silent"
                + (counts[3] == 0 ? "" : ", " + counts[3] + " not listened to");
    }
}
