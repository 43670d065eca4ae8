package dev.panoptes.code.run;

/** A place in a source file. */
record Site(Module module, int start, int end) {
    /** No place in particular. */
    static Site of(Module module) {
        return new Site(module, 0, 0);
    }

    int line() {
        return module.line(start);
    }

    String text() {
        return module.text(start, end);
    }
}
