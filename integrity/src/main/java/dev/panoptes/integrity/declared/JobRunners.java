package dev.panoptes.integrity.declared;

import java.util.regex.Pattern;

/** Programs that take jobs from a queue or start them by the clock, and listen on no port. */
final class JobRunners {
    private static final Pattern COMMAND = Pattern.compile("(?:\\S*/)?(?:"
            + "celery\\s(?!.*\\bflower\\b)(?:.*\\s)?(?:worker|beat)\\b.*"
            + "|rq\\s+worker\\b.*|rqscheduler\\b.*|rqworker\\b.*"
            + "|(?:bundle\\s+exec\\s+)?sidekiq\\b.*"
            + "|php\\s+(?:\\S*/)?(?:artisan|console)\\s+(?:queue:work|queue:listen|schedule:work|messenger:consume)\\b.*"
            + "|crond?(?:\\s.*)?)");

    /** Where a command of a shell begins; what stands between quotes is blanked before. */
    private static final Pattern PARTS = Pattern.compile("[;\\n|]|&&");

    private static final Pattern QUOTED = Pattern.compile("\"[^\"`]*\"|'[^']*'");
    private static final Pattern KEYWORDS =
            Pattern.compile("(?:\\s*(?:while|until|if|then|elif|else|do|!|\\{)(?=\\s|$)){0,5}\\s*");
    /** They look at files and wait. */
    private static final Pattern HOUSEKEEPING =
            Pattern.compile("(?:(?:\\w+=\\S*|:|true|set|find|sleep|rm|mkdir|echo|printf|date|cd"
                    + "|touch|cp|mv|gzip|du|df|ls|chmod|chown|test|\\[|export|exit|done|fi|})(?:\\s.*)?)?");

    private static final Pattern UNCLEAR = Pattern.compile("`|\\$\\(|<<|[<>]\\(|-exec|[\"'&](?!&)");

    private JobRunners() {}

    /** True for the text of a shell script that only looks after files. */
    static boolean isHousekeeping(String script) {
        String plain =
                QUOTED.matcher(script.replaceAll("(?m)^\\s*#.*$|\\\\\\n", " ")).replaceAll("word");
        return !UNCLEAR.matcher(plain).find()
                && PARTS.splitAsStream(plain)
                        .map(part -> KEYWORDS.matcher(part).replaceFirst("").strip())
                        .allMatch(command -> HOUSEKEEPING.matcher(command).matches());
    }

    /** @param command as it is started */
    static boolean isOne(String command) {
        return COMMAND.matcher(command.strip()).matches();
    }
}
