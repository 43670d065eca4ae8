package dev.panoptes.core.issue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes the secrets out of a command line before it leaves the host. */
public final class CommandMask {
    private static final int MOST_ARGUMENTS = 64;
    private static final int LONGEST_ARGUMENT = 400;
    private static final int AT_ONCE = 1_900;
    private static final String MASK = "***";

    /** Options whose next argument is a secret, or holds one. */
    private static final Set<String> NEXT_IS_SECRET =
            Set.of("-u", "--user", "-U", "--proxy-user", "--auth", "--oauth2-bearer", "--requirepass", "-pw");

    /** Of these programs {@code -p} means a password, however it looks. */
    private static final Set<String> PASSWORD_BY_P = Set.of(
            "mysql", "mysqldump", "mysqladmin", "mysqlimport", "mariadb", "mariadb-dump", "mariadb-admin", "sshpass");

    private static final Pattern TELLING_OPTION = Pattern.compile("--?[\\w.-]{1,80}");
    private static final Pattern PASSWORD_LETTER = Pattern.compile("-p(?=.*[A-Z0-9])(?![\\d,:-]+$)[^-=/.][^=]{2,}");

    private static final Pattern INNER_OPTION =
            Pattern.compile("(?<=\\s|^)--?([\\w.-]{1,80})([ =]{1,4})([^\\s-]\\S{0,1024})");
    private static final Pattern INNER_USER =
            Pattern.compile("((?<=\\s)(?:-u|-U|--user|--proxy-user)[ =]?[\"']?[\\w.@-]{1,80}:)[^\\s\"']{1,1024}");
    private static final Pattern INNER_PASSWORD =
            Pattern.compile("(\\b(?:mysql\\w{0,9}|mariadb|sshpass)\\b[^|;&]{0,400}?\\s-p)[^\\s\"']{1,1024}");

    private CommandMask() {}

    /**
     * Masks values behind telling options too ({@code --token VALUE}, {@code -u user:password}, {@code -pVALUE}); cuts long
     * arguments and long lists.
     */
    public static List<String> mask(List<String> command) {
        List<String> masked = new ArrayList<>();
        String program = command.isEmpty() ? "" : name(command.getFirst());
        String before = "";
        for (String argument : command) {
            if (masked.size() == MOST_ARGUMENTS) {
                masked.add("...");
                break;
            }
            masked.add(cut(argument(argument, before, program)));
            before = argument;
        }
        return masked;
    }

    /**
     * The same secrets, and nothing else: arguments keep their number, their length and their odd characters, for what a command
     * did is told by them.
     */
    public static List<String> secrets(List<String> command) {
        List<String> masked = new ArrayList<>(command.size());
        String program = command.isEmpty() ? "" : name(command.getFirst());
        String before = "";
        for (String argument : command) {
            masked.add(secretsOf(argument, before, program));
            before = argument;
        }
        return masked;
    }

    private static String secretsOf(String argument, String before, String program) {
        if (argument.length() <= AT_ONCE) {
            String hidden = argument(argument, before, program);
            return hidden.contains(MASK) ? hidden : argument;
        }
        StringBuilder whole = new StringBuilder(argument.length());
        for (int at = 0; at < argument.length(); ) {
            int end = Math.min(argument.length(), at + AT_ONCE);
            int blank = argument.lastIndexOf(' ', end);
            if (end < argument.length() && blank > at + AT_ONCE / 2) {
                end = blank;
            }
            String piece = argument.substring(at, end);
            String hidden = Masking.mask(script(piece));
            whole.append(hidden.contains(MASK) ? hidden : piece);
            at = end;
        }
        return whole.toString();
    }

    private static String argument(String argument, String before, String program) {
        boolean isValue = !argument.startsWith("-") || argument.length() == 1;
        if (isValue && isTellingOption(before)) {
            return MASK;
        }
        if (isValue && NEXT_IS_SECRET.contains(before)) {
            return hidden(argument, before);
        }
        int equals = argument.indexOf('=');
        if (equals > 0 && NEXT_IS_SECRET.contains(argument.substring(0, equals))) {
            return argument.substring(0, equals + 1) + hidden(argument.substring(equals + 1), before);
        }
        int second = equals < 0 ? -1 : argument.indexOf('=', equals + 1);
        if (second > 0 && isTellingOption("-" + argument.substring(equals + 1, second))) {
            // --env=API_TOKEN=...
            return argument.substring(0, second + 1) + MASK;
        }
        if (argument.startsWith("-p")
                && argument.length() > 2
                && (PASSWORD_BY_P.contains(program)
                        || PASSWORD_LETTER.matcher(argument).matches())) {
            return "-p" + MASK;
        }
        if (argument.startsWith("-u") && argument.indexOf(':') > 2 && argument.indexOf('/') < 0) {
            return argument.substring(0, argument.indexOf(':') + 1) + MASK;
        }
        return argument.indexOf(' ') < 0 ? Masking.mask(argument) : Masking.mask(script(argument));
    }

    /** A command within an argument: {@code sh -c "curl -u me:secret ..."}. */
    private static String script(String text) {
        String masked = INNER_OPTION
                .matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(
                        Masking.isTelling(found.group(1)) || found.group(1).equals("auth")
                                ? found.group()
                                                .substring(
                                                        0,
                                                        found.group().length()
                                                                - found.group(3).length())
                                        + MASK
                                : found.group()));
        masked = INNER_USER.matcher(masked).replaceAll("$1" + MASK);
        return INNER_PASSWORD.matcher(masked).replaceAll("$1" + MASK);
    }

    /** Of {@code user:password} the user stays; a user alone is no secret, and an application such as app:main is none. */
    private static String hidden(String value, String option) {
        int colon = value.indexOf(':');
        if (option.contains("auth") || option.contains("pass") || option.equals("-pw")) {
            return MASK;
        }
        return colon > 0 ? value.substring(0, colon + 1) + MASK : Masking.mask(value);
    }

    private static boolean isTellingOption(String option) {
        return TELLING_OPTION.matcher(option).matches() && Masking.isTelling(option.replaceFirst("^-+", ""));
    }

    private static String cut(String text) {
        return text.length() > LONGEST_ARGUMENT ? text.substring(0, LONGEST_ARGUMENT) + "..." : text;
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
