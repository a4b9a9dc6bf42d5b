"""The word lists of the blame check: people, what only people do, and words of judgement."""

from followthrough.wording.vocabulary import word_set

ROLES = (
    r"engineers?|devs?|developers?|programmers?|coders?|technicians?|operators?|sysadmins?|admins?|"
    r"administrators?|"
    r"sres?|dbas?|contractors?|employees?|interns?|colleagues?|co-?workers?|teammates?|team members?|"
    r"staff(?: members?)?|"
    r"personnel|reviewers?|authors?|maintainers?|committers?|responders?|on-?call(?: engineers?|"
    r" developers?)?|"
    r"new hires?|new joiners?|newcomers?|juniors?|seniors?|architects?|testers?|analysts?|consultants?|"
    r"(?:product|engineering|release|incident|project|duty|change|shift|line) managers?|incident commanders?|"
    r"deployers?|electricians?|(?:construction|maintenance|repair|utility|field|contract|agency|temporary|shift|night|"
    r"warehouse|factory|plant|human|social) workers?|crews?|persons?|people|humans?|individuals?|guys?|someone|somebody|"
    r"teams?|management|leadership"
)

# Kubernetes-style operators are machines even though they carry a role's name.
MACHINE_OPERATORS = r"kubernetes|k8s|prometheus|kafka|postgres|cluster|ceph|crd|rook|helm"

# What may "forget to" do something without anybody being meant.
MACHINES = """agent broker cache client collector consumer container controller cron daemon database handler host job
    kernel listener loop node pipeline pod process producer proxy queue replica runner scheduler script server service
    system task thread watcher worker"""

SLIP_ADVERBS = (
    r"mistakenly|inadvertently|accidentally|accidently|erroneously|wrongly|incorrectly|unintentionally|"
    r"unknowingly|"
    r"unwittingly|carelessly|negligently|blindly|recklessly|hastily|stupidly|foolishly|prematurely|"
    r"by mistake|by accident"
)

SLIP_ACTS = (
    r"forgot(?!\s+(?:what|where|how|which)\b)|forgets?|forgotten|missed(?!\s+(?:our|the|its|their)\s+(?:sl[oa]s?|targets?|deadlines?))|"
    r"misspell?ed|misspelt|neglect(?:ed|s)|overlook(?:ed|s)?|misread|misjudged?|mistyped|"
    r"mis-?configured|"
    r"misunderstood|mis-?clicked|ignored|dismissed|disregarded|botched|bungled|mess(?:ed|es)\s+up|"
    r"screw(?:ed|s)\s+up|"
    r"goof(?:ed|s)|fat[- ]?fingered|slipped\s+up|bypassed|broke|blundered"
)

# What "the operator failed to …" says of software.
MACHINE_ACTS = (
    r"acquire|bind|boot|connect|deliver|fetch|handle|load|mount|process|reconcile|reconnect|render|respond|return|"
    r"schedule|serve|service|start|sync"
)

# Acts that only people perform; a machine that "fails to connect" is not meant.
HUMAN_DUTIES = (
    r"adhere|ask|bother|check|communicate|consider|consult|coordinate|confirm|document|double-?check|"
    r"escalate|follow|"
    r"foresee|inform|look|monitor|notice|notify|pay|plan|prepare|read|realise|realize|recogni[sz]e|"
    r"review|spot|"
    r"supervise|test|think|train|understand|validate|verify|warn"
)

HUMAN_PARTICIPLES = (
    r"actioned|addressed|announced|consulted|used|tagged|migrated|silenced|warned|added|anticipated|asked|audited|bothered|caught|changed|checked|cleaned up|communicated|"
    r"considered|coordinated|"
    r"corrected|deleted|detected|discovered|documented|done|double-?checked|escalated|fixed|flagged|"
    r"foreseen|found|"
    r"identified|informed|investigated|known|made|merged|monitored|noticed|planned|prevented|picked up|"
    r"prioriti[sz]ed|"
    r"realised|realized|removed|replaced|reviewed|rolled back|seen|spotted|tested|thought|told|trained|"
    r"updated|"
    r"upgraded|validated|verified|avoided|taken|followed|handled|written|set up"
)

MACHINE_PARTICIPLES = word_set("""
    alerted been blocked caused expired failed fired gotten had healed kicked logged paged received
    recovered rejected restarted retried returned run scaled seen started stopped switched synced timed
    triggered worked
""")

JUDGEMENTS = (
    r"careless(?:ly|ness)?|negligen(?:t|ce|tly)|sloppy|sloppiness|sloppily|reckless(?:ly|ness)?|"
    r"incompeten(?:t|ce)|"
    r"irresponsibl[ey]|complacen(?:t|cy)|inattenti(?:ve|on)|laziness|thoughtless(?:ly|ness)?|unprofessional|"
    r"(?:lack\s+of|poor|bad)\s+(?:attention|care|focus|concentration|foresight|rigou?r|vigilance|professionalism|diligence|discipline|judge?ment|ownership|common\s+sense)|"
    r"(?:stupid|dumb|silly|foolish|rookie|careless|basic|obvious|avoidable)\s+(?:mistake|error|"
    r"oversight|blunder)s?|"
    r"(?:not|n['’]t)\s+(?:(?:really|super|very)\s+)*(?:careful(?:ly)?|paying\s+attention|diligent|competent)|"
    r"common\s+sense|my\s+bad|(?:tired|inexperienced|untrained|unskilled|sleepy|distracted|lazy)\s+(?:\w+\s+)?"
    r"(?:admins?|developers?|engineers?|operators?|technicians?|people|staff|interns?)|"
    r"should\s+know\s+better|(?:should|ought\s+to)\s+have\s+known(?:\s+better)?"
)

ADEQUACY = r"properly|adequately|thoroughly|sufficiently|diligently|carefully|correctly|appropriately"

CHECKED_ACTS = (
    r"tested|reviewed|checked|verified|validated|communicated|trained|planned|followed|documented|prepared|vetted|"
    r"test|review|check|verify|validate|communicate|follow|plan|prepare|vet"
)
CHECKING_ACTS = r"testing|reviewing|checking|verifying|validating|communicating|following|planning|preparing"

# What somebody who "did not …" could not see, where the sentence says why.
PERCEPTIONS = r"notice|realise|realize|recogni[sz]e|spot|see|understand|know|check|think|look|foresee|monitor"
IRREGULAR_PARTICIPLES = (
    r"been|begun|broken|brought|built|caught|chosen|come|done|found|given|gone|got(?:ten)?|heard|known|left|meant|paid|"
    r"read|run|said|seen|spent|spoken|spotted|taken|taught|undone|waited|woken|written"
)

PREVENTION = (
    r"prevent\w*|avoid\w*|reduc\w*|minimi[sz]\w*|eliminat\w*|guard\w*|protect\w*|against|potential|"
    r"possible|risk|"
    r"chance\w*|room|prone|any|every|never|not|no|without|less|fewer|instead of"
)

STATE_VERBS = word_set("""
    became been confirmed detected discovered felt found got had has identified lacked needed noticed
    observed received remained reported said saw seemed stated wanted was were
""")

IRREGULAR_ACTS = (
    r"ran|broke|forgot|took|made|did|sent|set|cut|shut|put|wrote|chose|left|went|gave|let|hit|thought|knew|"
    r"overrode|misread|undid|lost|threw|drove|told|understood|misunderstood|slept|pulled|brought|held|kept"
)
