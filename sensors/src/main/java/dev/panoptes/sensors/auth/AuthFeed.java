package dev.panoptes.sensors.auth;

import dev.panoptes.core.event.Event;
import dev.panoptes.sensors.replay.Feed;
import dev.panoptes.sensors.replay.LogLine;
import dev.panoptes.sensors.replay.LoginRecord;
import dev.panoptes.sensors.replay.Output;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * From lines of logs and entries of the journal to what they say about logins, sessions, privileges and accounts. Every line is
 * judged by the program that the header names: text within a message never makes it another program's. For one thread.
 */
final class AuthFeed implements Feed {
    /** Longer messages are no messages of these programs but for commands, which sudo's parser takes at any length. */
    private static final int MOST_MESSAGE = 4096;

    private static final Pattern REPEATED =
            Pattern.compile("message repeated (\\d{1,9}) times: \\[ ?(.*)\\]", Pattern.DOTALL);
    private static final Pattern LAST_REPEATED = Pattern.compile("last message repeated (\\d{1,9}) times");
    private static final Pattern OLD_LOGIN = Pattern.compile("-- (\\S+)\\[(\\d+)\\]: (.*)", Pattern.DOTALL);
    private static final Pattern OLD_MODULE = Pattern.compile("\\((pam_\\w+)\\) (.*)", Pattern.DOTALL);
    private static final Pattern OWN_TAG = Pattern.compile("pam_krb5\\[\\d+\\]: (.*)", Pattern.DOTALL);
    private static final Pattern TAG_MODULE = Pattern.compile("(.*)\\((pam_\\w+)\\)");
    private static final Pattern PAM_PWDB = Pattern.compile("\\((\\S+)\\) (.*)", Pattern.DOTALL);
    /** journald's own words where it let a unit say no more for a while (systemd/sd-messages.h). */
    private static final String SUPPRESSED = "a596d6fe7bfa4994828e72309e95d61e";

    private static final Pattern UNIT_OF_LOGINS = Pattern.compile(
            ".* from (?:\\S*/)?(?:(?:ssh|dropbear|session-|user@|systemd-logind|getty@|serial-getty@|gdm|polkit)[^/\\s]*"
                    + "|user\\.slice\\S*)",
            Pattern.DOTALL);

    private final LoginMessages logins = new LoginMessages();
    private final LoginRecords records = new LoginRecords();
    private final LongFunction<@Nullable String> names;
    private @Nullable Last last;

    /** What the line before said, for {@code last message repeated}. */
    private record Last(
            @Nullable String host, Draft draft, @Nullable String program, LogLine line) {}

    /** Nobody's name is known by his id. */
    AuthFeed() {
        this(uid -> null);
    }

    /** @param names of this host's users by their ids; null where nobody has one */
    AuthFeed(LongFunction<@Nullable String> names) {
        this.names = names;
    }

    @Override
    public void login(LoginRecord record, Output out) {
        Event.Builder event = records.event(record);
        if (event != null) {
            out.event(event);
        }
    }

    @Override
    public void line(LogLine line, Output out) {
        if (line.text().isEmpty()) {
            return;
        }
        if (line.journal() == null && line.time() == null && line.tag() == null && !line.kernel()) {
            out.malformed();
            return;
        }
        Map<String, String> journal = line.journal();
        JournalAuthor.Believed believed = JournalAuthor.Believed.ALL;
        if (journal != null) {
            suppressed(journal, line, out);
            believed = JournalAuthor.of(line.tag() == null ? null : program(line.tag()), journal);
        }
        if (line.kernel() || believed == JournalAuthor.Believed.NOTHING) {
            last = null;
            return;
        }
        Last before = last;
        Matcher lastRepeated =
                line.message().startsWith("last message repeated") ? LAST_REPEATED.matcher(line.message()) : null;
        if (lastRepeated != null && lastRepeated.matches()) {
            if (before != null && java.util.Objects.equals(before.host, line.host())) {
                LogLine same = before.line;
                LogLine told = new LogLine(
                        line.path(),
                        line.offset(),
                        line.text(),
                        line.time(),
                        line.host(),
                        same.tag(),
                        same.pid(),
                        line.message(),
                        false,
                        line.provider(),
                        null);
                out.event(before.draft.event(told, before.program, Long.valueOf(lastRepeated.group(1))));
            }
            return;
        }
        last = null;
        Long count = null;
        String message = line.message();
        if (message.startsWith("message repeated ")) {
            Matcher repeated = REPEATED.matcher(message);
            if (repeated.matches()) {
                count = Long.valueOf(repeated.group(1));
                message = repeated.group(2);
            }
        }
        String tag = line.tag();
        LogLine told = line;
        if (tag == null) {
            Matcher old = message.startsWith("-- ") ? OLD_LOGIN.matcher(message) : null;
            if (old == null || !old.matches() || old.group(2).length() > 18) {
                return;
            }
            tag = "login"; // login(1) of old takes its caller's argv[0] for its name
            message = old.group(3);
            told = line.from("login", Long.valueOf(old.group(2)));
        }
        Draft draft = read(tag, message);
        if (draft != null && isBelieved(believed, draft, journal)) {
            String program = program(tag);
            Event.Builder event = draft.event(told, program, count);
            out.event(event);
            last = new Last(line.host(), draft, program, told);
        }
    }

    private boolean isBelieved(JournalAuthor.Believed believed, Draft draft, @Nullable Map<String, String> journal) {
        return switch (believed) {
            case ALL -> true;
            case LEAVING -> draft.is(Draft.Action.LOGOUT);
            case OWN_REFUSAL -> {
                String uid = journal == null ? "" : journal.getOrDefault("_UID", "");
                String user = isNumber(uid) ? names.apply(Long.parseLong(uid)) : null;
                yield user != null && draft.is(Draft.Action.PRIVILEGE_REFUSED) && draft.isOf(user);
            }
            case NOTHING -> false;
        };
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.length() < 11 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** The journal's own limit dropped entries of a unit that people log in by: they are lost to us too. */
    private static void suppressed(Map<String, String> journal, LogLine line, Output out) {
        String dropped = journal.getOrDefault("N_DROPPED", "");
        if ("driver".equals(journal.get("_TRANSPORT"))
                && SUPPRESSED.equals(journal.get("MESSAGE_ID"))
                && isNumber(dropped)
                && UNIT_OF_LOGINS.matcher(line.message()).matches()) {
            out.lost(line.provider(), Long.parseLong(dropped));
        }
    }

    private @Nullable Draft read(String tag, String text) {
        String program = program(tag);
        if (program.equals("sudo") && !text.startsWith("pam_")) {
            return PrivilegeMessages.sudo(text);
        }
        if (text.length() > MOST_MESSAGE) {
            return null;
        }
        if (text.startsWith("pam_")) {
            int open = text.indexOf('(');
            int close = open < 0 || !isName(text, open) ? -1 : text.indexOf(')', open);
            if (close > 0 && text.startsWith("): ", close)) {
                int colon = text.indexOf(':', open);
                String service = text.substring(open + 1, Math.min(colon, close));
                return PamMessages.read(service.isEmpty() ? program : service, text.substring(close + 3));
            }
        }
        if (text.startsWith("pam_krb5[")) { // writes its own tag into the message
            Matcher module = OWN_TAG.matcher(text);
            if (module.matches()) {
                return PamMessages.read(program, module.group(1));
            }
        }
        if (text.startsWith("(pam_")) {
            Matcher module = OLD_MODULE.matcher(text);
            if (module.matches()) {
                return PamMessages.read(program, module.group(2));
            }
        }
        if (tag.endsWith(")")) {
            Matcher module = TAG_MODULE.matcher(tag);
            if (module.matches()) {
                return PamMessages.read(program, text);
            }
        }
        return switch (program) {
            case "sshd", "sshd-session", "sshd-auth" -> SshdMessages.read(text);
            case "su", "su-l", "runuser", "runuser-l" -> PrivilegeMessages.su(text);
            case "doas" -> PrivilegeMessages.doas(text);
            case "pkexec" -> PrivilegeMessages.pkexec(text);
            case "polkitd" -> PrivilegeMessages.polkit(text);
            case "login", "util-linux-login" -> LoginMessages.login(text);
            case "systemd-logind", "elogind", "elogind-daemon" -> logins.logind(text);
            case "dropbear" -> LoginMessages.dropbear(text);
            case "PAM_pwdb", "PAM-pwdb", "PAM_unix", "PAM-unix" -> oldPam(text);
            case "cron", "crond", "CRON", "CROND" -> PamMessages.cron(text);
            case "crontab" -> PamMessages.crontab(text);
            case "unix_chkpwd" -> PamMessages.check(text);
            case "gdm-binary", "gdm" ->
                text.startsWith("Couldn't authenticate user")
                        ? new Draft(Draft.Action.LOGIN_FAILED).service("gdm")
                        : null;
            default -> AccountMessages.PROGRAMS.contains(program) ? AccountMessages.read(program, text) : null;
        };
    }

    /** True where what stands before a position is {@code pam_} and a word: letters of ASCII, digits, underscores. */
    private static boolean isName(String text, int end) {
        for (int i = 4; i < end; i++) {
            char c = text.charAt(i);
            boolean word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
            if (!word) {
                return false;
            }
        }
        return end > 4;
    }

    private static @Nullable Draft oldPam(String text) {
        Matcher matcher = PAM_PWDB.matcher(text);
        return matcher.matches() ? PamMessages.read(matcher.group(1), matcher.group(2)) : null;
    }

    /** {@code sshd} for {@code /usr/sbin/sshd} and {@code sshd(pam_unix)}. */
    private static String program(String tag) {
        int module = tag.indexOf("(pam_");
        String name = module > 0 ? tag.substring(0, module) : tag;
        return name.substring(name.lastIndexOf('/') + 1);
    }
}
