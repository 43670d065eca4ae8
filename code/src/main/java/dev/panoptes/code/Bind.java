package dev.panoptes.code;

import org.jspecify.annotations.Nullable;

/**
 * A place where a program binds a port.
 *
 * @param file path below the root of the file with the binding call
 * @param line from 1
 * @param text the binding call, one line, shortened
 * @param address the address it binds, where known; null otherwise
 * @param open true where an option of the command line may name another port
 * @param onImport true where the port is bound as soon as the module is loaded, false where only when run as the program
 */
public record Bind(
        PortValue port,
        String file,
        int line,
        String text,
        @Nullable String address,
        boolean onImport,
        boolean open) {
    /** One that no option of the command line changes. */
    public Bind(PortValue port, String file, int line, String text, @Nullable String address, boolean onImport) {
        this(port, file, line, text, address, onImport, false);
    }
}
