package dev.panoptes.code.run;

import dev.panoptes.code.library.Row;
import org.jspecify.annotations.Nullable;

/**
 * Something of a library that is called.
 *
 * @param row what the tables say that it does
 * @param path what is called
 * @param receiver the object it belongs to; null for a function of a module
 */
record Call(Row row, String path, @Nullable Value receiver, Arguments given, Site site) {
    static Call of(String path, @Nullable Value receiver, Arguments given, Site site) {
        return new Call(Row.NONE, path, receiver, given, site);
    }

    Call by(Row known) {
        return new Call(known, path, receiver, given, site);
    }

    @Nullable
    Value first() {
        return given.first();
    }

    /** The argument at this place; null where there is none. */
    @Nullable
    Value at(int position) {
        return given.find(position, "");
    }

    @Nullable
    String text(int position) {
        return given.text(position);
    }

    /** The last part of the path. */
    String method() {
        return path.substring(path.lastIndexOf('.') + 1);
    }
}
