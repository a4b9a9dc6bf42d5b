"""The word lists of the room (those of blame stand in `blame_vocabulary`); the checks themselves hold rules only."""


def word_set(text: str) -> frozenset[str]:
    """The words of a list that is written as lines of text."""
    return frozenset(text.split())


FINISHING_VERBS = word_set("""
    abolish abort accelerate accept acquire activate adapt add adjust adopt advertise advise agree alarm
    alert align allow amend announce anonymise anonymize anticipate append apply appoint archive arrange
    ask assert assign attach audit automate backfill backport backup balance ban batch begin benchmark
    bind block book bootstrap break bring broadcast build bump bundle buy cable cache calculate call
    canary cancel cap capture catch centralise centralize certify change chart check choose clarify
    classify clean cleanup clear clone close codify collapse collect combine commission commit
    communicate compact compare compensate compile complete comply compress compute conduct config
    configure confirm connect consolidate constrain construct contact contain contribute convert
    coordinate copy correct correlate count cover create crosscheck curate curb customise customize cut
    damp deactivate debug decide declare decline decommission decouple dedupe deduplicate defer define
    delay delegate delete deliver demote deny deploy deprecate deregister describe design detach detect
    determine develop diff differentiate disable disallow disconnect dismantle dispatch display do
    distribute divide dockerise dockerize document double downgrade download draft drain draw drop
    dry-run dump duplicate ease edit educate elaborate elect eliminate email embed emit employ empty
    enable encode encrypt enforce enrich enrol enroll ensure enumerate equip erase escalate establish
    estimate evacuate evict exclude execute exempt exercise exit expand expedite expire explain export
    expose extend extract facilitate factor fail failover fetch file fill filter find finish fire fix
    flag flatten flush fold forbid force fork form formalise formalize format forward freeze fund gate
    gather generate get give grant graph group guarantee guard halt halve hand handle hardcode harmonise
    harmonize hash have hide hire hold honour hook host identify ignore implement import impose include
    incorporate index indicate inform initialise initialize inject inline insert install instrument
    integrate intercept interrupt interview introduce invalidate invest invite isolate issue iterate
    join justify keep kick kill label launch learn lengthen leverage lift limit link lint list listen
    load locate lock log lower maintain make mandate map mark mask match measure memoize merge migrate
    minify mirror mock model modify monitor mount move mute name narrow nominate normalise normalize
    notice notify obfuscate obtain offer offload omit onboard open operate opt order organise organize
    outline overhaul override overwrite own package page paginate pair parallelise parallelize
    parametrise parse partition patch patrol pause perform permit persist phase pick pilot pin ping pipe
    place plot plumb poll pool populate port post practice practise preload present preserve prevent
    prewarm prime print probe process produce profile prohibit promote propagate protect prototype prove
    provide provision proxy prune publish pull purchase purge push put quantify quarantine query queue
    quiesce quote rack raise randomise randomize rate ratelimit reach read realise realize reap
    rebalance rebase reboot rebuild recalculate reclaim recognise recognize recompile reconcile record
    recover recruit recycle redact redeploy redirect redistribute reduce refactor reference reformat
    refresh refuse regenerate register rehearse reimage reindex reinstall reinstate reintroduce reject
    relax relay release reload relocate remap remediate remove rename render renew reopen reorder repair
    repeat replace replicate reply repool report request require reroute rerun reschedule reserve reset
    resize resolve respect respond restart restore restrict restructure resume retain retest retire
    retrain retry return reuse revamp revert revise revoke reword rewrite ring roll rollback rollout
    rotate route run sample sandbox sanitise sanitize satisfy save scale scan schedule scope scrape
    screen script scrub seal secure seed segment select send separate serialise serialize serve set
    setup shape shard share sharpen shed shift ship shorten show shuffle shut shutdown sign signal
    silence simulate skip slow snapshot snooze solve sort source spawn specify spell spin split spread
    squash stage stagger standardise standardize start stash steer stop store strip stub subdivide
    submit subscribe substitute sunset supply support suppress surface survey suspend swap sweep switch
    sync synchronise synchronize tag tail take tap target teach tear tell terminate test throttle tie
    time timeout toggle tolerate trace track train transfer transform transition translate trap treat
    trial trigger trim truncate tune turn unblock undo unify uninstall unlink unlock unpin unplug unset
    untangle update upgrade upload upstream use utilise utilize vacuum validate vary vendor verify
    version veto view void wait wake warm warn watch weigh whitelist widen wipe wire withdraw wrap write
    yield zero
""")

IMPROVING_VERBS = word_set("""
    ameliorate better boost enhance evolve fortify harden improve mature modernise modernize optimise
    optimize polish rationalise rationalize refine rework simplify solidify stabilise stabilize
    streamline strengthen tighten up-level uplift
""")

STUDYING_VERBS = word_set("""
    aim analyse analyze assess attempt brainstorm chat consider contemplate continue debate discuss
    engage envisage evaluate examine experiment explore figure follow inspect intend investigate liaise
    look meet ponder prioritise prioritize propose reassess recommend reconsider reevaluate reflect
    research rethink review revisit see speak spike strive study suggest talk think try understand work
""")

CARING_VERBS = word_set("emphasise emphasize encourage foster remember remind stress urge")

OPEN_ENDED_VERBS = word_set("""
    address avoid decrease help increase lower maximise maximize minimise minimize mitigate raise reduce
    scale shorten speed tackle
""")

CONTACT_VERBS = word_set("chat engage follow liaise meet speak talk work")
DECIDING_VERBS = word_set("""
    attempt consider contemplate debate discuss prioritise prioritize propose recommend reconsider
    suggest think try
""")

FINDING_VERBS = word_set("agree check determine discover find identify learn")

# What a second verb may be when it only finishes the first: "upgrade the proxy and verify the fix".
CLOSING_VERBS = word_set("""
    announce check confirm deploy ensure explain make measure merge note prove publish release roll see ship
    start test use validate verify
""")

# With these the deed is named by a noun: "have a discussion", "do more research".
LIGHT_VERBS = word_set("begin carry conduct do have hold make perform start")
STUDY_NOUNS = word_set("""
    analysis chat conversation conversations discussion discussions exploration investigation meeting
    research review study talk thinking
""")

# Adding monitoring is specific once a sign of trouble is named.
WATCHING_VERBS = word_set("""
    add build configure create deploy establish get have implement install introduce monitor provide put
    set setup watch
""")

VERBS = FINISHING_VERBS | IMPROVING_VERBS | STUDYING_VERBS | CARING_VERBS | OPEN_ENDED_VERBS

PAST_FORMS = {
    "began": "begin",
    "begun": "begin",
    "bound": "bind",
    "bought": "buy",
    "broke": "break",
    "broken": "break",
    "brought": "bring",
    "built": "build",
    "caught": "catch",
    "chose": "choose",
    "chosen": "choose",
    "did": "do",
    "done": "do",
    "drew": "draw",
    "drove": "drive",
    "fed": "feed",
    "found": "find",
    "frozen": "freeze",
    "forgot": "forget",
    "forgotten": "forget",
    "froze": "freeze",
    "gave": "give",
    "given": "give",
    "gone": "go",
    "got": "get",
    "had": "have",
    "held": "hold",
    "hid": "hide",
    "hidden": "hide",
    "kept": "keep",
    "knew": "know",
    "known": "know",
    "led": "lead",
    "left": "leave",
    "lost": "lose",
    "made": "make",
    "paid": "pay",
    "put": "put",
    "ran": "run",
    "read": "read",
    "said": "say",
    "sat": "sit",
    "saw": "see",
    "seen": "see",
    "sent": "send",
    "set": "set",
    "shut": "shut",
    "slept": "sleep",
    "spoke": "speak",
    "taken": "take",
    "taught": "teach",
    "thought": "think",
    "threw": "throw",
    "thrown": "throw",
    "told": "tell",
    "took": "take",
    "understood": "understand",
    "went": "go",
    "withdrew": "withdraw",
    "wrote": "write",
    "written": "write",
}

NOUN_LIKE_VERBS = word_set("""
    access alarm alert backup balance block build cache call change check commit copy cover display
    double dump exercise factor file fix form format graph group hash index issue label list load lock
    log map mark mask match model monitor name offer order page patch pipe place poll pool post probe
    process profile proxy pull push query queue rate record relay release reply report request reset
    retry return review ring roll rollback sample sandbox scale schedule scope script seed service set
    share shift show sign spike stage start stop store support switch sync tag test time trace trap
    trigger tune turn update upgrade use version wait watch work
""")

FUNCTION_WORDS = word_set("""
    a about above after again all almost already also although always am an and another any anyone are
    as at be because been before being below both but by can could did does during each either else
    even ever every few for from had has he her here hers him his how however i i.e ideally if in
    instead into is it its just less many maybe me might more most much my near neither no nobody none
    nor not nothing of off on once one only or other our out over own perhaps please possibly presumably
    probably rather same several she should since so some still such than that the their them then there
    these they this those though through thus to too two under until up upon us very via was we were
    what whatever when where whether which while who whom whose why will with within without would yes
    yet you your
""")

GENERIC_OBJECTS = word_set("""
    alert alerting alerts area areas aspect aspects availability awareness behavior behaviour better bit
    carefully clearer code communication coordination correctly doc docs documentation easier efficiency
    everything faster good handling have infra infrastructure issue issues knowledge logging lot
    maintainability matter matters measures monitoring more necessary need needed needs observability
    operations performance possible problem problems procedure procedures process processes properly
    quality reliability required resilience resiliency robustness safer safety security situation
    solution solutions some something soon stability stuff system systems test testing tests thing
    things today tomorrow tooling tools training usability visibility way ways well
""")

DELIVERABLES = word_set("""
    ability alarm alarms alert alerts assertion backup backups checklist cookbook dashboard dashboards
    diagram documentation drill guide guideline guidelines guides linter notification notifications page
    playbook policy probe procedure runbook runbooks script template templates test tests training
    tutorial walkthrough
""")

DELIVERABLE_LINKS = word_set("about against for how of on that to when")

MONITORING_WORDS = word_set("""
    alarm alarming alarms alert alerting alerts dashboard dashboards detect detection metric metrics
    monitor monitored monitoring monitors observability telemetry visibility
""")
WATCHING_WORDS = word_set("alerting monitor monitoring observability visibility watch")
TESTING_WORDS = word_set("ci coverage qa staging test tested testing tests unit validation")
DOCUMENTING_WORDS = word_set("""
    doc docs document documentation documented documenting guide handbook manual onboarding playbook
    procedure procedures process runbook runbooks training wiki
""")
SPEED_WORDS = word_set("fast faster latency optimise optimize performance slow slowness speed throughput")

# A signal as people name it in text, what to call it in an alert, and a level to be replaced by theirs.
SIGNALS = (
    (r"replica(?:tion|s)?\b|\blag(?:ged|ging)?\b", "replication lag", "‹60 s›"),
    (r"\bpools?\b|connections?\b", "pool use", "‹80 %›"),
    (r"\bdisks?\b|\binodes?\b|storage\b|disk space", "disk use", "‹80 %›"),
    (r"memory|\boom\b|\bheap\b|out of mem", "memory use", "‹85 %›"),
    (r"\bcpu\b|processor", "CPU use", "‹80 %›"),
    (r"queues?\b|backlogs?\b", "queue length", "‹1,000›"),
    (r"latency|slow|response times?|time(?:d )?-?outs?\b", "p99 latency", "‹500 ms›"),
    (r"errors?\b|exceptions?\b|\b5xx\b|\b50\d\b|failures?\b|failing", "error rate", "‹1 %›"),
    (r"traffic|requests?\b|saturat", "request rate", "‹1,000/s›"),
)

MEASURABLE_WORDS = (
    r"alloc\w*|availab\w*|backlog|bandwidth|builds?|certificates?|connections?|counts?|cpu|crash\w*|"
    r"delays?|depth|"
    r"disk|down|dropp?\w*|duration|errors?|exceptions?|exhaust\w*|expir\w*|fail\w*|full|health\w*|heap|"
    r"inodes?|"
    r"lag|latenc\w*|leaks?|length|level|limits?|load|loss|memory|missing|no longer|numbers?|pools?|"
    r"queues?|quota|rates?|"
    r"requests?|responses?|restarts?|saturat\w*|size|slow\w*|space|spikes?|status|threshold|throughput|"
    r"times?|"
    r"timeouts?|traffic|unhealthy|unusual|usage|utili[sz]ation|volume"
)

SETTING_WORDS = (
    r"buffers?|capacity|concurrency|count|depth|factor|interval|limits?|memory|number|quotas?|replicas?|"
    r"resources|"
    r"retention|retries|size|thresholds?|timeouts?|ttls?|workers?"
)

COMPARATIVES = (
    r"better|bigger|cleaner|clearer|closer|easier|faster|fewer|higher|larger|less|lower|more|nicer|"
    r"quicker|safer|"
    r"saner|simpler|slower|smaller|smarter|smoother|stricter|stronger|tighter|broader|wider|earlier|sooner"
)

CARE_PHRASES = (
    (
        r"(?:be|being|are|stay|remain|take|taking)\s+(?:(?:much|even|extra|more|a bit|a little|very)\s+)*"
        r"(?:aware|attentive|care|careful|cautious|diligent|mindful|thoughtful|thorough|vigilant)"
    ),
    r"pay(?:ing)?\s+(?:\w+\s+)?attention",
    r"rais(?:e|ing)\s+(?:\w+\s+)?awareness",
    r"(?:keep|bear)(?:ing)?\s+(?:this\s+|it\s+)?in\s+mind",
    r"remind(?:ing)?\s+(?:\w+\s+)?\w+",
    r"remember(?:ing)?\s+to",
    r"(?:vigilance|carefulness|diligence|mindfulness)",
    r"(?:clear(?:er)?|better|more|improved|good)\s+communication",
    r"communicat(?:e|ing)\s+(?:(?:more|much)\s+)?(?:better|clear(?:ly|er)?|often|effectively|proactively)",
    r"(?:double|triple)[- ]?check(?:ing)?\s+(?:everything|things|before|next time|more)",
    r"(?:try|try(?:ing)?)\s+harder|do\s+better|get\s+better\s+at|learn\s+from",
    (
        r"make\s+(?:sure\s+)?(?:that\s+)?(?:everyone|everybody|people|all|the team|engineers|developers)"
        r"\s+(?:is|are|knows?|understands?|remembers?|aware)"
    ),
)

# "Make sure that people follow …": who, and what only care will see done.
PEOPLE = (
    r"people|everyone|everybody|teams?|engineers|developers|operators|admins|staff|colleagues|folks|users|members|"
    r"deployers|reviewers|on-?call|we"
)
CARE_ACTS = (
    r"follows?|knows?|notices?|sees?|understands?|remembers?|reads?|(?:double-)?checks?|tests?|reviews?|uses?|adheres?|compl(?:y|ies)|"
    r"communicates?|informs?|tells?|thinks?|pays?|takes?|coordinates?|announces?|documents?|asks?|verif(?:y|ies)|"
    r"validates?|(?:is|are)\s+(?:well\s+)?(?:aware|familiar|trained|informed|careful|rested|prepared)"
)
CARED_FOR = (
    r"tested|reviewed|checked|verified|validated|communicated|practi[sc]ed|followed|documented|announced|coordinated|"
    r"monitored|watched"
)
# "Comprehensive reviews", "proper testing": a practice without a measure.
UNMEASURED = r"adequate|appropriate|comprehensive|effective|extensive|proactive|proper|robust|rigorous|sufficient|thorough"
PRACTICES = (
    r"alerting|checks|communication|controls|coverage|documentation|guidance|maintenance|measures|monitoring|planning|"
    r"procedures|process(?:es)?|reviews?|testing|tests(?!\s+(?:for|of|that|which)\b)|training"
)
EVERYTHING = (
    r"(?:critical\s+|key\s+|core\s+|main\s+|whole\s+|entire\s+)?(?:applications|components|environments?|hosts|"
    r"infrastructure|networks?|platforms?|servers|services|software|systems?)"
)
DEED_NOUNS = (
    r"addition|automation|consolidation|conversion|creation|decommission(?:ing)?|deletion|deployment|deprecation|"
    r"encryption|expansion|implementation|installation|integration|introduction|isolation|migration|move|partitioning|"
    r"publication|redesign|relocation|removal|renewal|replacement|replication|restoration|retirement|rewrite|rollout|"
    r"rotation|segmentation|separation|shutdown|split|switch|termination|transition|upgrade"
)

HEDGES = (
    r"(?:might|may|could)\s+(?:be|help|make sense|want|need|require|also)\b",
    r"(?:would|'d|’d|might|could|may)\s+be\s+(?:\w+\s+)?(?:nice|good|great|useful|helpful)",
    r"(?:would|'d|’d|might|could|may)\s+be\s+(?:\w+\s+)?(?:worth\w*|ideal|an option|better)",
    r"(?:is|are)\s+(?:\w+\s+)?(?:a\s+good\s+idea|worth\w*|always\s+warranted|desirable|desired|recommended)",
    r"possibly|perhaps|maybe|ideally|hopefully|potentially",
    r"if\s+(?:at\s+all\s+)?possible|where\s+(?:possible|appropriate)|as\s+(?:needed|appropriate)",
    r"at\s+some\s+point|some\s?day",
    r"needs?\s+some\s+love",
    r"(?:if|when)\s+(?:needed|necessary|required|feasible)|as\s+(?:much|far|soon)\s+as\s+possible",
)

# What a field for a reason is filled with when none is given, and the words of the question itself.
EMPTY_REASONS = word_set("""
    absent action actions actor answer applicable because blah cause causes closed done don't dont dummy empty
    enough entries entry facilitator finding findings foo foobar good got have idea incident ipsum isn't item items
    known later lorem meeting missing n/a necessary need needed nil non nope nothing null obvious obviously okay
    pending post-mortem postmortem proper reason reasons required review say see skip skipped something sorry
    stuff tbc tbd test testing thing things timeline todo trivial unknown unnecessary wasn't weren't whatever won't
    want wanted bother bothered really know knows yep yes
""")
