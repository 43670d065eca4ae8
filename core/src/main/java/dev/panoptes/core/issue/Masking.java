package dev.panoptes.core.issue;

import dev.panoptes.core.text.Phrases;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Hides secrets in texts that people will read. What looks like a secret by itself (userinfo in URLs, telling parameters of
 * queries, tokens in a well-known form, what follows {@code Bearer}) is hidden everywhere; the value of a telling key only in
 * texts that quote somebody's file or command, because in our own words a key is a name: {@code token-broker: url ...}.
 */
public final class Masking {
    private static final String MASK = "***";
    private static final int LONGEST_TEXT = 2_000;
    private static final Pattern USERINFO = Pattern.compile("([a-zA-Z][a-zA-Z0-9+.-]{0,20}://)[^/\\s@]{1,512}@");
    /** Control and format characters (bidirectional overrides, zero-width ones), and lone surrogates. */
    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cntrl}\\p{Cf}\\p{Co}\\p{Cs}\\u2028\\u2029]");

    /** Found in linear time, before the searches for the whole of it, which are not. */
    private static final Pattern TELLING = Pattern.compile(
            "secret|token|pass|pwd|key|dsn|credential|authorization|bearer|basic|cookie", Pattern.CASE_INSENSITIVE);

    private static final Pattern ASSIGNED = Pattern.compile("(?<![\\w.-])([\\w.-]{1,160})([\"']?\\s{0,4}[=:]\\s{0,4})"
            + "(\"[^\"]{0,1024}\"|'[^']{0,1024}'|[^\\s,;]{1,1024})");
    private static final Pattern QUERY = Pattern.compile("([?&;])([\\w.-]{1,80})=([^&#\\s\"']{1,1024})");
    private static final Pattern HEADER = Pattern.compile(
            "((?:proxy-)?authorization|x-[a-z-]{0,40}(?:token|key|secret))([\"']?\\s{0,4}[:=]\\s{0,4})"
                    + "(\"[^\"]{1,1024}\"|'[^']{1,1024}'|(?:(?:bearer|basic|digest|token)\\s{1,4})?[^\\s\"',]{1,1024})",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern COOKIE =
            Pattern.compile("(\\b(?:set-)?cookie\\s{0,4}:\\s{0,4})[^\"'\\n]{1,2000}", Pattern.CASE_INSENSITIVE);
    private static final Pattern SCHEME =
            Pattern.compile("\\b(bearer|basic)(\\s{1,4})([A-Za-z0-9+/._~=-]{8,2048})", Pattern.CASE_INSENSITIVE);

    /** Tokens that say themselves what they are: JSON web tokens and the prefixes of well-known services. */
    private static final Pattern KNOWN = Pattern.compile("\\beyJ[\\w-]{8,}\\.[\\w-]{8,}(?:\\.[\\w-]*)?"
            + "|\\b(?:gh[pousr]_|github_pat_|glpat-|gldt-|xox[abposr]-|xapp-|sk-(?:proj-|ant-)?|[rs]k_(?:live|test)_|whsec_"
            + "|hf_|npm_|pypi-|dop_v1_|SG\\.|AIza|ya29\\.|hvs\\.|dckr_pat_|shpat_|lin_api_|nvapi-|tskey-)[\\w.-]{10,}|\\b(?:AKIA|ASIA)[0-9A-Z]{16}\\b|-----BEGIN"
            + " [A-Z ]{0,30}PRIVATE KEY-----.*");

    /** Without one of these {@link #KNOWN} finds nothing: a tenth of what the pattern costs. */
    private static final Phrases PERHAPS_KNOWN = new Phrases(List.of(
            "eyJ",
            "ghp_",
            "gho_",
            "ghu_",
            "ghs_",
            "ghr_",
            "github_pat_",
            "glpat-",
            "gldt-",
            "xox",
            "xapp-",
            "sk-",
            "k_live_",
            "k_test_",
            "whsec_",
            "hf_",
            "npm_",
            "pypi-",
            "dop_v1_",
            "SG.",
            "AIza",
            "ya29.",
            "hvs.",
            "dckr_pat_",
            "shpat_",
            "lin_api_",
            "nvapi-",
            "tskey-",
            "AKIA",
            "ASIA",
            "-----BEGIN"));

    private static final Set<String> KEYS =
            Set.of("key", "keys", "pwd", "pw", "bearer", "dsn", "pass", "pat", "credential", "credentials", "creds");
    /** Options of ssh_config(5) that speak of keys and passwords and hold none. */
    private static final Set<String> OPTIONS = Set.of(
            "stricthostkeychecking",
            "hostkeyalgorithms",
            "hostkeyalias",
            "hostbasedkeytypes",
            "pubkeyauthentication",
            "pubkeyacceptedalgorithms",
            "pubkeyacceptedkeytypes",
            "passwordauthentication",
            "numberofpasswordprompts",
            "addkeystoagent",
            "updatehostkeys",
            "verifyhostkeydns",
            "visualhostkey");

    private static final Pattern WORDS = Pattern.compile("[._-]+|(?<=[a-z0-9])(?=[A-Z])");
    private static final Pattern INSIDE = Pattern.compile(
            "secret|token|password|passwd|passphrase|(?:api|access|private|signing|encryption|auth)key|keyfile");

    private Masking() {}

    /** The text with secrets as {@code ***}, unseen characters as blanks, cut after 2000 characters. */
    public static String mask(String text) {
        String masked = maskOwnWords(text);
        return TELLING.matcher(masked).find() ? maskValues(masked) : masked;
    }

    /** The same for our own words about names that somebody chose, which may themselves be called {@code token}. */
    public static String maskOwnWords(String text) {
        String cut = text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) + " ..." : text;
        String plain = isPlain(cut) ? cut : UNSEEN.matcher(cut).replaceAll(" ");
        String masked = plain.contains("://") ? USERINFO.matcher(plain).replaceAll("$1" + MASK + "@") : plain;
        masked = masked.indexOf('?') >= 0 ? maskQuery(masked) : masked;
        masked = PERHAPS_KNOWN.in(masked) ? KNOWN.matcher(masked).replaceAll(MASK) : masked;
        if (!TELLING.matcher(masked).find()) {
            return masked;
        }
        masked = COOKIE.matcher(masked).replaceAll("$1" + MASK);
        return SCHEME.matcher(HEADER.matcher(masked).replaceAll("$1$2" + MASK)).replaceAll("$1$2" + MASK);
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~') {
                return false;
            }
        }
        return true;
    }

    /** True where the value of this key is not to be shown: a word of it is {@code secret}, {@code token}, {@code key} ... */
    public static boolean isTelling(String key) {
        if (OPTIONS.contains(key.toLowerCase(Locale.ROOT))) {
            return false;
        }
        for (String word : WORDS.split(key)) {
            String lower = word.toLowerCase(Locale.ROOT);
            if (KEYS.contains(lower) || INSIDE.matcher(lower).find()) {
                return true;
            }
        }
        return false;
    }

    private static String maskQuery(String text) {
        return QUERY.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(
                        found.group(1) + found.group(2) + "=" + (isTelling(found.group(2)) ? MASK : found.group(3))));
    }

    private static String maskValues(String text) {
        return ASSIGNED.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(
                        isTelling(found.group(1)) ? found.group(1) + found.group(2) + MASK : found.group()));
    }
}
