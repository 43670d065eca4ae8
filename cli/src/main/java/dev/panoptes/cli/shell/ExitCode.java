package dev.panoptes.cli.shell;

import dev.panoptes.integrity.verdict.Verdict;

/** How the program ends. The numbers are a contract. */
public enum ExitCode {
    /** Nothing at or above the limit; nothing differs; done. */
    OK(0),
    /** An issue at or above the limit, a registry that cannot be parsed, a report with new issues. */
    FAILED(1),
    /** Not everything that applies could be checked, and nothing failed. */
    INCOMPLETE(2),
    /** Usage, configuration, an absent file, a selection that judges nothing, a defect of the program. */
    USAGE(3),
    /** Wrong usage of {@code sensor}, whose options and exit codes are those of the programs that it stands in for. */
    SENSOR_USAGE(2),
    /** Interrupted by SIGINT. */
    INTERRUPTED(130),
    /** The four states of a Nagios plugin, for {@code --format nagios}. */
    NAGIOS_OK(0),
    NAGIOS_WARNING(1),
    NAGIOS_CRITICAL(2),
    NAGIOS_UNKNOWN(3);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    public static ExitCode of(Verdict.Outcome outcome) {
        return switch (outcome) {
            case PASSED -> OK;
            case FAILED -> FAILED;
            case INCOMPLETE -> INCOMPLETE;
            case NOTHING -> USAGE;
        };
    }
}
