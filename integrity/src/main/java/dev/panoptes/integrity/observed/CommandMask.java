package dev.panoptes.integrity.observed;

import dev.panoptes.core.issue.Masking;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Takes the secrets out of a command line before it enters a snapshot. */
final class CommandMask {
    private static final int MOST_ARGUMENTS = 64;
    private static final int LONGEST_ARGUMENT = 400;
    private static final Pattern TELLING_OPTION = Pattern.compile(
            "--?[\\w-]{0,64}(?:secret|token|password|passwd|pwd|key|dsn)[\\w-]{0,64}", Pattern.CASE_INSENSITIVE);

    private CommandMask() {}

    /** Masks values after telling options too ({@code --token VALUE}); cuts long arguments and long lists. */
    static List<String> mask(List<String> command) {
        List<String> masked = new ArrayList<>();
        boolean secret = false;
        for (String argument : command) {
            if (masked.size() == MOST_ARGUMENTS) {
                masked.add("...");
                break;
            }
            if (secret && !argument.startsWith("-")) {
                masked.add("***");
                secret = false;
                continue;
            }
            secret = TELLING_OPTION.matcher(argument).matches();
            String plain = Masking.mask(argument);
            masked.add(plain.length() > LONGEST_ARGUMENT ? plain.substring(0, LONGEST_ARGUMENT) + "..." : plain);
        }
        return masked;
    }
}
