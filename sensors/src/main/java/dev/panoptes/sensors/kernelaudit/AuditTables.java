package dev.panoptes.sensors.kernelaudit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Names of the numbers in audit records: types, architectures, system calls. Thread-safe. */
final class AuditTables {
    /** AUDIT_ARCH_* of linux/audit.h: the ELF machine, 0x80000000 for 64 bits, 0x40000000 for little endian. */
    private static final Map<Long, String> ARCHITECTURES = Map.ofEntries(
            Map.entry(0xc000003eL, "x86_64"),
            Map.entry(0x40000003L, "i386"),
            Map.entry(0xc00000b7L, "aarch64"),
            Map.entry(0x40000028L, "arm"),
            Map.entry(0x28L, "armeb"),
            Map.entry(0x80000016L, "s390x"),
            Map.entry(0x16L, "s390"),
            Map.entry(0x80000015L, "ppc64"),
            Map.entry(0xc0000015L, "ppc64le"),
            Map.entry(0x14L, "ppc"),
            Map.entry(0xc00000f3L, "riscv64"),
            Map.entry(0x400000f3L, "riscv32"),
            Map.entry(0xc0000102L, "loongarch64"),
            Map.entry(0xc0000032L, "ia64"),
            Map.entry(0xc0009026L, "alpha"),
            Map.entry(0x8L, "mips"),
            Map.entry(0x40000008L, "mipsel"),
            Map.entry(0x80000008L, "mips64"),
            Map.entry(0xc0000008L, "mipsel64"),
            Map.entry(0x2L, "sparc"),
            Map.entry(0x8000002bL, "sparc64"),
            Map.entry(0xfL, "parisc"),
            Map.entry(0x8000000fL, "parisc64"));

    private static final int X32 = 0x4000_0000;

    /** Whose calls are known by number, each with the table's name: both byte orders of a machine have the same. */
    private static final Map<String, String> CALLS = Map.of(
            "x86_64", "x86_64",
            "i386", "i386",
            "aarch64", "aarch64",
            "arm", "arm",
            "armeb", "arm",
            "riscv64", "riscv64",
            "loongarch64", "loongarch64",
            "s390x", "s390x",
            "ppc64le", "ppc64le",
            "ppc64", "ppc64le");

    private final Map<Long, String> types;
    /** Read when the first record of an architecture comes: a host has records of one or two. */
    private final Map<String, Map<Long, String>> calls = new ConcurrentHashMap<>();

    private AuditTables(Map<Long, String> types) {
        this.types = types;
    }

    static AuditTables load() {
        return new AuditTables(table("record-types.txt"));
    }

    /** {@code SYSCALL}; {@code UNKNOWN[n]} as auditd writes what it does not know. */
    String type(long number) {
        String name = types.get(number);
        return name == null ? "UNKNOWN[" + number + "]" : name;
    }

    /** {@code x86_64} for {@code c000003e}; null where it is none of the known. */
    static @Nullable String architecture(String hex) {
        try {
            return hex.isEmpty() || hex.length() > 8 ? null : ARCHITECTURES.get(Long.parseLong(hex, 16));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** The system call's name; null where the architecture's table has none of this number. */
    @Nullable
    String call(String architecture, String number) {
        Map<Long, String> table = calls.get(architecture);
        if (table == null && CALLS.get(architecture) instanceof String name) {
            table = calls.computeIfAbsent(architecture, any -> table("syscalls-" + name + ".txt"));
        }
        if (table == null || number.isEmpty() || number.length() > 10) {
            return null;
        }
        try {
            long value = Long.parseLong(number);
            return table.get(architecture.equals("x86_64") ? value & ~(long) X32 : value);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static Map<Long, String> table(String name) {
        Map<Long, String> table = new HashMap<>();
        try (InputStream in = AuditTables.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the table " + name + " is not in the program");
            }
            BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                int blank = line.indexOf(' ');
                if (blank > 0 && line.charAt(0) != '#') {
                    table.put(Long.valueOf(line.substring(0, blank)), line.substring(blank + 1));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.copyOf(table);
    }
}
