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

    private JobRunners() {}

    /** @param command as it is started */
    static boolean isOne(String command) {
        return COMMAND.matcher(command.strip()).matches();
    }
}
