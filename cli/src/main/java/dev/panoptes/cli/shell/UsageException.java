package dev.panoptes.cli.shell;

/** The command line, the configuration or a named file is not as it must be. The program says so in two lines and exits 3. */
public final class UsageException extends Exception {
    private final String hint;

    /**
     * @param message what is wrong, one sentence without a full stop
     * @param hint what to do; empty where there is no advice
     */
    public UsageException(String message, String hint) {
        super(message);
        this.hint = hint;
    }

    public String hint() {
        return hint;
    }

    public String text() {
        return String.valueOf(getMessage());
    }
}
