/// Nothing to call: this target brings functions that archives linked into a release ask of the C library, and that
/// only its newest versions have. See GlibcFloor.c.
#ifndef CGLIBCFLOOR_H
#define CGLIBCFLOOR_H

#endif
