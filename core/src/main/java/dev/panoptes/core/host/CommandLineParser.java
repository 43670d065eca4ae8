package dev.panoptes.core.host;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** {@code /proc/PID/cmdline} (proc_pid_cmdline(5)). Pure. */
final class CommandLineParser {
    private CommandLineParser() {}

    /** The arguments; bytes that are no UTF-8 become U+FFFD. A program may have overwritten them with a title. */
    static List<String> parse(byte[] bytes) {
        List<String> arguments = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                arguments.add(new String(bytes, start, i - start, StandardCharsets.UTF_8));
                start = i + 1;
            }
        }
        if (start < bytes.length) {
            arguments.add(new String(bytes, start, bytes.length - start, StandardCharsets.UTF_8));
        }
        // A shorter title leaves the rest of the old arguments as empty ones.
        while (!arguments.isEmpty() && arguments.getLast().isEmpty()) {
            arguments.removeLast();
        }
        return arguments;
    }
}
