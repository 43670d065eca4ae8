package dev.panoptes.core.registry;

import dev.panoptes.core.yaml.Problems;
import dev.panoptes.core.yaml.YamlNode;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells keys that nearly are known ones. Unknown keys are allowed, since registries hold what their owners like; but a key
 * that was meant to be read and was not must never be passed over in silence.
 *
 * @param known what is read, as written
 * @param meant other words for known keys, in lower case, and the key that is read
 */
public record KeySpelling(Set<String> known, Map<String, String> meant) {
    /** Words that registries hold for their owners' own use; near or not, they are meant as they stand. */
    private static final Set<String> FREE = Set.of(
            "description",
            "tags",
            "owner",
            "owners",
            "labels",
            "team",
            "notes",
            "docs",
            "title",
            "summary",
            "metadata",
            "annotations",
            "depends_on",
            "dependencies",
            "image",
            "port",
            "role",
            "type",
            "model",
            "priority",
            "tier");

    private static final int SHORT = 4;
    private static final int LONG = 8;

    public KeySpelling {
        known = Set.copyOf(known);
        meant = Map.copyOf(meant);
    }

    public static KeySpelling of(String... known) {
        return new KeySpelling(Set.of(known), Map.of());
    }

    /** The same where this word is written for a known key. */
    public KeySpelling meaning(String written, String key) {
        java.util.HashMap<String, String> more = new java.util.HashMap<>(meant);
        more.put(written, key);
        return new KeySpelling(known, more);
    }

    /** Adds a problem for each near miss in this map. @param what how messages call the map */
    public void judge(YamlNode.Mapping map, String what, Problems problems) {
        Set<String> present = null;
        for (YamlNode.Entry entry : map.entries()) {
            if (known.contains(entry.key()) || (FREE.contains(entry.key()) && !meant.containsKey(entry.key()))) {
                continue;
            }
            String near = near(entry.key());
            if (near == null) {
                continue;
            }
            if (present == null) {
                present = keys(map);
            }
            // Beside the key itself, a similar one is probably another thing of the owner's.
            if (!present.contains(near) || near.equalsIgnoreCase(entry.key())) {
                problems.add(
                        "misspelt-key",
                        entry.location(),
                        "the key " + Problems.quote(entry.key()) + " of " + what + " is not known and was not read; "
                                + Problems.quote(near) + " was probably meant");
            }
        }
    }

    private static Set<String> keys(YamlNode.Mapping map) {
        Set<String> keys = new HashSet<>();
        map.entries().forEach(entry -> keys.add(entry.key()));
        return keys;
    }

    /** The known key that this one probably means; null where it is a word of its own. */
    @Nullable
    String near(String written) {
        String plain = plain(written);
        String other = meant.get(plain);
        if (other != null) {
            return other;
        }
        String near = null;
        for (String key : known) {
            // Of several the first in the alphabet, so that a message does not change from run to run.
            if (!written.equals(key) && isNear(plain, key) && (near == null || key.compareTo(near) < 0)) {
                near = key;
            }
        }
        return near;
    }

    private static boolean isNear(String written, String key) {
        int longer = written.length() - key.length();
        if (longer < -2 || longer > 2) {
            return false;
        }
        if (written.equals(key)
                || (longer == 1 && written.endsWith("s") && written.startsWith(key))
                || (longer == -1 && key.endsWith("s") && key.startsWith(written))) {
            return true;
        }
        if (written.length() < 3) {
            return false;
        }
        if (key.length() <= SHORT) {
            return isTransposed(written, key);
        }
        return distance(written, key) <= (key.length() >= LONG ? 2 : 1);
    }

    private static String plain(String key) {
        return key.strip().toLowerCase(Locale.ROOT).replace('-', '_').replace(' ', '_');
    }

    /** True where one swap of neighbours makes the other: of a short word more is another word. */
    private static boolean isTransposed(String a, String b) {
        return a.length() == b.length() && distance(a, b) == 1 && sorted(a).equals(sorted(b));
    }

    private static String sorted(String text) {
        char[] letters = text.toCharArray();
        java.util.Arrays.sort(letters);
        return new String(letters);
    }

    /** Optimal string alignment: one for a letter too much, too few, wrong, or two swapped. */
    static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            d[i][0] = i;
        }
        for (int j = 0; j <= b.length(); j++) {
            d[0][j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            for (int j = 1; j <= b.length(); j++) {
                int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(Math.min(d[i - 1][j] + 1, d[i][j - 1] + 1), d[i - 1][j - 1] + cost);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
