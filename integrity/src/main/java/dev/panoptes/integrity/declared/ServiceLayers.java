package dev.panoptes.integrity.declared;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What several places say of one service, the later over the earlier: what it extends, its file, an override file (Compose
 * Specification, "Merge").
 *
 * @param layers never empty
 */
record ServiceLayers(List<YamlNode.Fields> layers) {
    ServiceLayers {
        layers = List.copyOf(layers);
    }

    /** The last value of an attribute that is replaced as a whole; null where no layer has it or the last one resets it. */
    @Nullable
    YamlNode last(String key) {
        YamlNode last = null;
        for (YamlNode.Fields layer : layers) {
            YamlNode value = layer.get(key);
            if (value != null) {
                last = isReset(value) ? null : value;
            }
        }
        return last;
    }

    /** Every value of an attribute that is merged, in order, unless a later one resets or overrides those before. */
    List<YamlNode> all(String key) {
        List<YamlNode> all = new ArrayList<>();
        for (YamlNode.Fields layer : layers) {
            YamlNode value = layer.get(key);
            if (value == null) {
                continue;
            }
            if (isReset(value) || overrides(value)) {
                all.clear();
            }
            if (!isReset(value) && !value.isNull()) {
                all.add(value);
            }
        }
        return all;
    }

    /** True where it takes away what was said before it. */
    static boolean isReset(YamlNode value) {
        return "!reset".equals(value.tag());
    }

    /** True where it stands instead of what was said before it. */
    static boolean overrides(YamlNode value) {
        return "!override".equals(value.tag());
    }
}
