/**
 * Who did what and when: the entries of the audit trail, written with the journal's rows in one transaction. Values,
 * the check of a reason, and one interface; what a step means is not known here.
 */
@NullMarked
package dev.drover.audit;

import org.jspecify.annotations.NullMarked;
