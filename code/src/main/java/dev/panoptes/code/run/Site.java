package dev.panoptes.code.run;

/** A place in a source file. */
record Site(Module module, int start, int end) {
    int line() {
        return module.line(start);
    }

    String text() {
        return module.text(start, end);
    }
}
