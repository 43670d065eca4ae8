package dev.panoptes.core.yaml;

import java.util.ArrayList;
import java.util.List;

/** Collects the problems of one file, up to a bound. For one reader, on one thread. */
public final class Problems {
    private static final int MOST = 1_000;
    private static final int LONGEST_QUOTE = 60;

    private final String file;
    private final List<Problem> found = new ArrayList<>();

    public Problems(String file) {
        this.file = file;
    }

    public void add(String code, Location location, String message) {
        if (found.size() < MOST) {
            found.add(new Problem(code, file, location, message));
        } else if (found.size() == MOST) {
            found.add(new Problem("too-many-problems", file, location, "there are further problems from here on"));
        }
    }

    public void addAll(List<Problem> problems) {
        problems.forEach(problem -> add(problem.code(), problem.location(), problem.message()));
    }

    public boolean isEmpty() {
        return found.isEmpty();
    }

    /** In the order in which they were found. */
    public List<Problem> all() {
        return List.copyOf(found);
    }

    /** What made the file useless, and behind it what was found until then. */
    public List<Problem> headedBy(String code, Location location, String message) {
        List<Problem> all = new ArrayList<>();
        all.add(new Problem(code, file, location, message));
        all.addAll(found);
        return List.copyOf(all);
    }

    /** A name from the file, fit for a message: one line, cut, in quotes. Not for values that may be secret. */
    public static String quote(String text) {
        String cut = text.length() > LONGEST_QUOTE ? text.substring(0, LONGEST_QUOTE) + "..." : text;
        return "'" + plain(cut) + "'";
    }

    private static String plain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' || text.charAt(i) == '\u007F') {
                return text.replaceAll("\\p{Cntrl}", " ");
            }
        }
        return text;
    }
}
