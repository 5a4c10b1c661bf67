"""What must not happen although the table says so (README of appstore, rails): one module per rail.

Rails 1, 6 and 11 stand where the plan is proposed (held files, rows 2 and 3, the project's
listing); rail 12 takes nothing out of a plan, it says that nothing is written.
"""
