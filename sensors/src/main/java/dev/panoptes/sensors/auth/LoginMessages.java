package dev.panoptes.sensors.auth;

import dev.panoptes.sensors.auth.Draft.Action;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What login, systemd-logind, dropbear and display managers say. Remembers whose session a number is. For one thread. */
final class LoginMessages {
    private static final int MOST_SESSIONS = 4096;
    private static final Pattern FAILED = Pattern.compile(
            "(?:FAILED LOGIN|TOO MANY LOGIN TRIES) (?:SESSION )?\\(?\\d*\\)? ?(?:on '(.*?)'|FROM (\\S+))(?: from"
                    + " '(.*?)')? FOR (.*?)(?:, .*)?",
            Pattern.DOTALL);
    private static final Pattern ROOT =
            Pattern.compile("ROOT LOGIN +(?:ON|on) (\\S+)(?: (?:FROM|from) (\\S+))?", Pattern.DOTALL);
    private static final Pattern ON =
            Pattern.compile("(?:LOGIN ON|DIALUP AT) (\\S+) BY (.*?)(?: FROM (\\S+))?", Pattern.DOTALL);
    private static final Pattern BUSYBOX_FAILED =
            Pattern.compile("invalid password for '(.*)' on '(.*?)'(?: from '(.*?)')?", Pattern.DOTALL);
    private static final Pattern BUSYBOX_ROOT =
            Pattern.compile("root login on '(.*?)'(?: from '(.*?)')?", Pattern.DOTALL);
    private static final Pattern FAILURE_ON =
            Pattern.compile("LOGIN FAILURE (?:ON|FROM) (\\S+?),? ?(?:FROM (\\S+))?.*", Pattern.DOTALL);
    private static final Pattern NEW_SESSION =
            Pattern.compile("New session '?([^ ']+)'? of user '?(.+?)'?(?: with class .*)?\\.", Pattern.DOTALL);
    private static final Pattern SESSION_ENDED =
            Pattern.compile("(?:Session (\\S+) logged out\\..*|Removed session (\\S+?)\\.)", Pattern.DOTALL);
    private static final String PLACE = "<?\\[?([^\\s>\\]]*?)\\]?:(\\d+)>?";
    private static final Pattern DROPBEAR_LOGIN = Pattern.compile(
            "(?:PAM )?(Password|password|Pubkey|Public key|Auth) auth succeeded for '(.*)'(?: with (?:(\\S+) )?key"
                    + " (?:md5 |sha1!! )?(\\S+))? from "
                    + PLACE,
            Pattern.DOTALL);
    private static final Pattern DROPBEAR_BAD = Pattern.compile(
            "(?:Bad (?:PAM )?password attempt|Pubkey auth attempt.*?|User has blank password, rejected.*?) for '(.*)'"
                    + " from "
                    + PLACE,
            Pattern.DOTALL);
    private static final Pattern DROPBEAR_NOBODY = Pattern.compile(
            "Login attempt (?:for nonexistent user|with wrong user)(?: '?(.*?)'?)? from " + PLACE, Pattern.DOTALL);
    private static final Pattern DROPBEAR_BEFORE = Pattern.compile(
            "Exit before auth(?: from " + PLACE + ")?:? ?(?:\\(user '(.*?)', \\d+ fails\\))?:? ?(.*)", Pattern.DOTALL);
    private static final Pattern DROPBEAR_EXIT =
            Pattern.compile("Exit \\((.*?)\\)(?: from " + PLACE + ")?:? .*", Pattern.DOTALL);
    private static final Pattern DROPBEAR_SHELL =
            Pattern.compile("(?:User '(.*)' has invalid shell, rejected|(root) login rejected)", Pattern.DOTALL);
    private static final Pattern AT_END = Pattern.compile(".* from " + PLACE, Pattern.DOTALL);

    private final Map<String, String> sessions = new LinkedHashMap<>();

    static @Nullable Draft login(String text) {
        Matcher failed = FAILED.matcher(text);
        if (failed.matches()) {
            String user = Words.bare(failed.group(4));
            Draft draft = new Draft(Action.LOGIN_FAILED).service("login");
            if (user.equals("UNKNOWN") || user.equals("(unknown)")) {
                draft.put("auth.invalid_user", true);
            } else {
                draft.user(user);
            }
            place(draft, failed.group(1) == null ? failed.group(2) : failed.group(1));
            return draft.from(failed.group(3));
        }
        Matcher root = ROOT.matcher(text);
        if (root.matches()) {
            return place(new Draft(Action.LOGIN).user("root").service("login"), Words.bare(root.group(1)))
                    .from(bare(root.group(2)));
        }
        Matcher on = ON.matcher(text);
        if (on.matches()) {
            return place(new Draft(Action.LOGIN).user(on.group(2)).service("login"), on.group(1))
                    .from(on.group(3));
        }
        Matcher busybox = BUSYBOX_FAILED.matcher(text);
        if (busybox.matches()) {
            Draft draft = new Draft(Action.LOGIN_FAILED).service("login");
            // The name that busybox gives where there is no such user.
            if (busybox.group(1).equals("UNKNOWN")) {
                draft.put("auth.invalid_user", true);
            } else {
                draft.user(busybox.group(1));
            }
            return place(draft, busybox.group(2)).from(busybox.group(3));
        }
        Matcher busyboxRoot = BUSYBOX_ROOT.matcher(text);
        if (busyboxRoot.matches()) {
            return place(new Draft(Action.LOGIN).user("root").service("login"), busyboxRoot.group(1))
                    .from(busyboxRoot.group(2));
        }
        Matcher failure = FAILURE_ON.matcher(text);
        return failure.matches()
                ? place(new Draft(Action.LOGIN_FAILED).service("login"), failure.group(1))
                        .from(failure.group(2))
                : null;
    }

    private static @Nullable String bare(@Nullable String text) {
        return text == null ? null : Words.bare(text);
    }

    /** A terminal, or where older programs write the far end in its place, that. */
    private static Draft place(Draft draft, @Nullable String where) {
        if (where != null && dev.panoptes.sensors.replay.AddressLiteral.parse(where) != null) {
            return draft.from(where);
        }
        return draft.put("auth.tty", "(null)".equals(where) ? null : where);
    }

    @Nullable
    Draft logind(String text) {
        Matcher opened = text.startsWith("New session ") ? NEW_SESSION.matcher(text) : null;
        if (opened != null && opened.matches()) {
            if (sessions.size() >= MOST_SESSIONS) {
                String oldest = sessions.keySet().iterator().next();
                sessions.remove(oldest);
            }
            sessions.put(opened.group(1), opened.group(2));
            return new Draft(Action.SESSION_OPENED)
                    .user(opened.group(2))
                    .put("auth.session_id", opened.group(1))
                    .service("systemd-logind");
        }
        Matcher ended = SESSION_ENDED.matcher(text);
        if (!ended.matches()) {
            return null;
        }
        String session = ended.group(1) == null ? ended.group(2) : ended.group(1);
        return new Draft(Action.LOGOUT)
                .user(sessions.get(session))
                .put("auth.session_id", session)
                .service("systemd-logind");
    }

    static @Nullable Draft dropbear(String text) {
        Draft draft = dropbearTold(text);
        return draft == null ? null : draft.service("dropbear");
    }

    private static @Nullable Draft dropbearTold(String text) {
        Matcher login = DROPBEAR_LOGIN.matcher(text);
        if (login.matches()) {
            return new Draft(Action.LOGIN)
                    .user(login.group(2))
                    .put("auth.method", login.group(1).startsWith("Pub") ? "publickey" : "password")
                    .put("auth.key_type", login.group(3))
                    .put("auth.key_fingerprint", login.group(4))
                    .from(login.group(5))
                    .port(login.group(6));
        }
        Matcher bad = DROPBEAR_BAD.matcher(text);
        if (bad.matches()) {
            return new Draft(Action.LOGIN_FAILED)
                    .user(bad.group(1))
                    .put("auth.method", text.startsWith("Pubkey") ? "publickey" : "password")
                    .from(bad.group(2))
                    .port(bad.group(3));
        }
        Matcher nobody = DROPBEAR_NOBODY.matcher(text);
        if (nobody.matches()) {
            return new Draft(Action.LOGIN_FAILED)
                    .user(nobody.group(1))
                    .put("auth.invalid_user", true)
                    .from(nobody.group(2))
                    .port(nobody.group(3));
        }
        Matcher before = DROPBEAR_BEFORE.matcher(text);
        if (before.matches()) {
            boolean tries = before.group(4).startsWith("Max auth tries reached");
            Draft draft = new Draft(tries ? Action.LOGIN_FAILED : Action.CONNECTION_REFUSED)
                    .user(before.group(3))
                    .from(before.group(1))
                    .port(before.group(2));
            Matcher end = AT_END.matcher(before.group(4));
            if (before.group(1) == null && end.matches()) {
                draft.from(end.group(1)).port(end.group(2));
            }
            return draft;
        }
        Matcher exit = DROPBEAR_EXIT.matcher(text);
        if (exit.matches()) {
            return new Draft(Action.LOGOUT)
                    .user(exit.group(1))
                    .from(exit.group(2))
                    .port(exit.group(3));
        }
        Matcher shell = DROPBEAR_SHELL.matcher(text);
        return shell.matches()
                ? new Draft(Action.LOGIN_FAILED).user(shell.group(1) == null ? shell.group(2) : shell.group(1))
                : null;
    }
}
