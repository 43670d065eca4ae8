package dev.panoptes.core.host;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Extended attributes of files (xattr(7)) of every namespace; Java itself knows those of {@code user} only. For one thread. */
public final class ExtendedAttributes implements AutoCloseable {
    private static final int MOST = 65_536;

    private final Libc libc = new Libc();
    private final MemorySegment value = libc.allocate(MOST);

    /** The value of an attribute of a file, links not followed; null where it has none or it may not be read. */
    public byte @Nullable [] value(Path file, String name) {
        try (Arena arena = Arena.ofConfined()) {
            long length = libc.attribute(arena.allocateFrom(file.toString()), arena.allocateFrom(name), value);
            return length < 0 ? null : value.asSlice(0, length).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
        }
    }

    @Override
    public void close() {
        libc.close();
    }
}
