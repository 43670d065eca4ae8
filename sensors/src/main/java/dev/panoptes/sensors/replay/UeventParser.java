package dev.panoptes.sensors.replay;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Uevents as the kernel sends them (lib/kobject_uevent.c): {@code ACTION@DEVPATH} and KEY=VALUE pairs, each ended by NUL; and as
 * {@code udevadm monitor --kernel --property} prints them. Pure.
 */
public final class UeventParser {
    private static final Set<String> ACTIONS =
            Set.of("add", "remove", "change", "move", "online", "offline", "bind", "unbind");
    private static final int MOST_PROPERTIES = 256;

    private UeventParser() {}

    /** True where this is the head of a uevent: {@code add@/devices/...}. */
    static boolean isHead(String token) {
        int at = token.indexOf('@');
        return at > 0 && token.startsWith("/", at + 1) && ACTIONS.contains(token.substring(0, at));
    }

    /** One datagram of the kernel; null where it is none. */
    public static @Nullable Uevent parse(byte[] data, int length, @Nullable Instant time, String provider) {
        String[] tokens = new String(data, 0, length, StandardCharsets.UTF_8).split("\0");
        if (tokens.length == 0 || !isHead(tokens[0])) {
            return null;
        }
        Builder builder = new Builder(tokens[0], time, provider);
        for (int i = 1; i < tokens.length; i++) {
            builder.property(tokens[i]);
        }
        return builder.build();
    }

    /** One uevent as its parts arrive. */
    static final class Builder {
        private final String action;
        private final String path;
        private final @Nullable Instant time;
        private final String provider;
        private final Map<String, String> properties = new LinkedHashMap<>();
        private boolean malformed;

        /** @param head {@code action@path} */
        Builder(String head, @Nullable Instant time, String provider) {
            this(head.substring(0, head.indexOf('@')), head.substring(head.indexOf('@') + 1), time, provider);
        }

        Builder(String action, String path, @Nullable Instant time, String provider) {
            this.action = action;
            this.path = path;
            this.time = time;
            this.provider = provider;
        }

        void property(String pair) {
            int equals = pair.indexOf('=');
            if (equals <= 0) {
                malformed |= !pair.isEmpty();
            } else if (properties.size() < MOST_PROPERTIES) {
                properties.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }

        boolean malformed() {
            return malformed;
        }

        Uevent build() {
            return new Uevent(
                    time, action, path, Collections.unmodifiableMap(new LinkedHashMap<>(properties)), provider);
        }
    }

    /** {@code KERNEL[4513.302932] add      /devices/... (usb)}: the uevent that begins here; null where none does. */
    static @Nullable Builder monitorHead(String line, @Nullable Instant time) {
        int end = line.startsWith("KERNEL[") ? line.indexOf(']') : -1;
        if (end < 0) {
            return null;
        }
        String[] words = line.substring(end + 1).strip().split(" +");
        return words.length >= 2 && ACTIONS.contains(words[0]) && words[1].startsWith("/")
                ? new Builder(words[0], words[1], time, "udevadm")
                : null;
    }
}
