package dev.panoptes.integrity.observed;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What came back over one connection. */
sealed interface HttpAnswer {
    /** @param fields by lower-case name; the first value of a repeated one
     *  @param body decoded; empty for a status other than 2xx, where it is not read */
    record Whole(int status, Map<String, String> fields, byte[] body) implements HttpAnswer {
        public Whole {
            fields = Map.copyOf(fields);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Whole whole
                    && status == whole.status
                    && fields.equals(whole.fields)
                    && Arrays.equals(body, whole.body);
        }

        @Override
        public int hashCode() {
            return Objects.hash(status, fields, Arrays.hashCode(body));
        }

        @Override
        public String toString() {
            return "Whole[" + status + ", " + fields + ", " + body.length + " bytes]";
        }
    }

    /** @param status null where not even that could be read
     *  @param reason in words that follow "the health endpoint" */
    record Broken(@Nullable Integer status, String reason) implements HttpAnswer {}
}
