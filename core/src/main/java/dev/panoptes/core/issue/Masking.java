package dev.panoptes.core.issue;

import java.util.regex.Pattern;

/** Hides secrets in texts that people will read: values of telling keys, and userinfo in URLs. */
public final class Masking {
    private static final String MASK = "***";
    private static final int LONGEST_TEXT = 2_000;
    private static final Pattern USERINFO = Pattern.compile("([a-zA-Z][a-zA-Z0-9+.-]{0,20}://)[^/\\s@]{1,512}@");
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
    /** Found in linear time, before the search for the whole of it, which is not. */
    private static final Pattern TELLING =
            Pattern.compile("secret|token|password|passwd|key|dsn", Pattern.CASE_INSENSITIVE);

    private static final Pattern TELLING_VALUE = Pattern.compile(
            "([\\w.-]{0,64}(?:secret|token|password|passwd|key|dsn)[\\w.-]{0,64}[\"']?\\s{0,4}[=:]\\s{0,4})"
                    + "(\"[^\"]{0,1024}\"|'[^']{0,1024}'|[^\\s,;]{1,1024})",
            Pattern.CASE_INSENSITIVE);

    private Masking() {}

    /** The text with secrets as {@code ***}, control characters as spaces, cut after 2000 characters. */
    public static String mask(String text) {
        String cut = text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) + " ..." : text;
        String plain = CONTROL.matcher(cut).replaceAll(" ");
        String withoutUserinfo = plain.contains("://") ? USERINFO.matcher(plain).replaceAll("$1" + MASK + "@") : plain;
        if (!TELLING.matcher(withoutUserinfo).find()) {
            return withoutUserinfo;
        }
        return TELLING_VALUE.matcher(withoutUserinfo).replaceAll("$1" + MASK);
    }
}
