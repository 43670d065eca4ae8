package dev.panoptes.code;

import dev.panoptes.code.ScannedTree.Content;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The texts of small files that were read of a tree, as long as there is room. Safe for several threads. */
final class ReadTexts {
    private static final int LARGEST = 1 << 17;
    private static final long MOST = 8L << 20;
    /** A character is at most so many bytes of UTF-8. */
    private static final int WIDEST = 3;

    private final Map<String, Content.Text> texts = new ConcurrentHashMap<>();
    private final AtomicLong left = new AtomicLong(MOST);

    /** Null where it was not read, or may be larger than {@code limitBytes}. */
    Content.@Nullable Text get(String rootPath, int limitBytes) {
        Content.Text text = texts.get(rootPath);
        return text == null || text.text().length() > limitBytes / WIDEST ? null : text;
    }

    void put(String rootPath, Content.Text text) {
        int length = text.text().length();
        if (length <= LARGEST && left.addAndGet(-length) >= 0) {
            texts.put(rootPath, text);
        }
    }
}
