package dev.panoptes.integrity.checks;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How versions are compared. */
final class VersionText {
    private VersionText() {}

    /** A word such as {@code latest} or {@code unknown} is no version. */
    static boolean isVersion(String text) {
        return text.chars().anyMatch(Character::isDigit);
    }

    /**
     * True where the reported version is the declared one. A leading {@code v} and build metadata behind {@code +} do not
     * count, nor zeros at the end: {@code 2.1} is {@code 2.1.0}. Fewer parts stand for the whole line: {@code 2.1} covers
     * {@code 2.1.7}. A pre-release such as {@code 2.1.0-rc1} is only itself.
     */
    static boolean covers(String declared, String reported) {
        String[] one = split(declared);
        String[] other = split(reported);
        if (!one[1].equals(other[1])) {
            return false;
        }
        List<String> parts = Arrays.asList(one[0].split("\\."));
        List<String> others = Arrays.asList(other[0].split("\\."));
        for (int i = 0; i < Math.max(parts.size(), others.size()); i++) {
            String part = i < parts.size() ? parts.get(i) : others.get(i);
            String against = i < others.size() ? others.get(i) : "0";
            if (!number(part).equals(number(against))) {
                return false;
            }
        }
        return true;
    }

    /** The numbers, and the pre-release or an empty text. */
    private static String[] split(String version) {
        String plain = version.strip()
                .toLowerCase(Locale.ROOT)
                .replaceFirst("^v(?=\\d)", "")
                .replaceFirst("\\+.*$", "");
        int dash = plain.indexOf('-');
        return dash < 0 ? new String[] {plain, ""} : new String[] {plain.substring(0, dash), plain.substring(dash + 1)};
    }

    private static String number(String part) {
        return part.replaceFirst("^0+(?=\\d)", "");
    }
}
